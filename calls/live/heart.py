"""The sign of life of a process with calls, and the end of calls whose process gives none."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

from calls.models import Worker
from calls.services.workers import Reaper, forget_old_workers, give_sign
from calls.threads import DatabaseThreads

logger = logging.getLogger(__name__)

SIGN_EVERY = 5.0  # seconds; a worker counts as gone after fifteen
AGAIN_AFTER = 1.0  # while the database is away
WRITTEN_WITHIN = 5.0

threads = DatabaseThreads(threads=1, waiting=1)


class Heart:
    """Writes that this process is there, in a thread that nothing else can keep busy."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.worker = Worker(
            id=uuid4(),
            host=socket.gethostname()[:255],
            pid=str(os.getpid()),
            started_at=now,
            seen_at=now,
        )
        self._reaper = Reaper()
        self._failing = False

    async def run(self) -> None:
        """Give signs for ever."""
        await self._done(lambda: forget_old_workers(datetime.now(UTC)))
        while True:
            done = await self._done(self._give_sign_and_look)
            await asyncio.sleep(SIGN_EVERY if done else AGAIN_AFTER)

    async def _done(self, work: Callable[[], None]) -> bool:
        try:
            await threads.run(work, within=WRITTEN_WITHIN)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again soon
            if not self._failing:
                name = type(error).__name__
                logger.warning("The worker's sign of life was not written (%s).", name)
            self._failing = True
            return False
        self._failing = False
        return True

    def _give_sign_and_look(self) -> None:
        now = datetime.now(UTC)
        give_sign(self.worker, now)
        closed = self._reaper.look(now, monotonic())
        if closed:
            logger.warning("Calls of a silent worker were closed as interrupted: %d.", closed)
