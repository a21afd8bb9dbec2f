"""The regular question to the database, which is the truth whatever was pushed or lost."""

import asyncio
import logging
import random
from collections.abc import Callable, Collection
from contextlib import suppress

from django.conf import settings

from calls.live import reading
from calls.selectors import Standing

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


class Reconciler:
    """Asks for all businesses with live calls in one query, always, and at once after a return."""

    def __init__(
        self, businesses: Callable[[], Collection[int]], found: Callable[[Standing], None]
    ) -> None:
        self._businesses = businesses
        self._found = found
        self._now = asyncio.Event()
        self._pause = 0.0  # between two tries while the database is away

    def look_now(self) -> None:
        """Something may have been missed."""
        self._now.set()

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            await self._wait()
            self._now.clear()
            business_ids = frozenset(self._businesses())
            if business_ids:
                await self._ask(business_ids)

    async def _wait(self) -> None:
        """Until it is time; the jitter keeps processes apart and only shortens."""
        seconds = settings.RECONCILE_SECONDS * random.uniform(0.6, 1.0)  # noqa: S311 - jitter
        if self._pause:  # the return of the database is looked for, and is a reason to ask
            await asyncio.sleep(min(seconds, self._pause))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._now.wait()

    async def _ask(self, business_ids: frozenset[int]) -> None:
        try:
            standing = await reading.standing_of(business_ids)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next question comes soon
            self._failed(error)
            return
        if self._pause:
            logger.warning("The database answers the regular question again.")
        self._pause = 0.0
        self._found(standing)

    def _failed(self, error: Exception) -> None:
        if not self._pause:
            name = type(error).__name__
            logger.warning("The database does not answer the regular question (%s).", name)
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
