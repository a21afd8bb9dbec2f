"""A few threads in which one part of the process asks the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore
from typing import TypeVar

from django.db import close_old_connections

Result = TypeVar("Result")

THREADS = 4
WAITING = 16


class Overloaded(TimeoutError):
    """No room: the database is stuck, and as many requests as we allow wait for it already."""


class DatabaseThreads:
    """A bounded executor of our own, so that a stuck database holds these threads and no others."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self._room = BoundedSemaphore(threads + waiting)

    async def run(self, work: Callable[[], Result], *, within: float) -> Result:
        """The result of ``work``, or ``TimeoutError``; work not yet begun by then is dropped."""
        # Not `wait_for`: until Python 3.12 it swallows a cancellation that meets the result, and
        # a task that asks for ever would then never end.
        async with asyncio.timeout(within):
            # On a timeout the cancellation travels to the executor, which drops what still waits.
            return await asyncio.wrap_future(self.submit(work))

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Begin ``work`` in a thread, or raise ``Overloaded`` at once."""
        if not self._room.acquire(blocking=False):
            raise Overloaded
        context = copy_context()  # log lines keep the name of their request
        try:
            future = self._executor.submit(context.run, _with_connections, work)
        except BaseException:
            self._room.release()
            raise
        future.add_done_callback(lambda _done: self._room.release())
        return future


def _with_connections(work: Callable[[], Result]) -> Result:
    """Run ``work`` with database connections that are fresh before and given back after."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
