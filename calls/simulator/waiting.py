"""Waiting for something to become true, without asking the clock."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Notice:
    """Wakes whoever waits whenever something has happened."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Something happened: everybody who waits looks again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, probe: Callable[[], Found | None], within: float, what: str) -> Found:
        """Return what ``probe`` finds as soon as it finds anything.

        Raises ``TimeoutError`` with ``what`` in words after ``within`` real seconds.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := probe()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
        except TimeoutError:
            raise TimeoutError(f"Waited {within:g} s in vain for {what}.") from None
        return found
