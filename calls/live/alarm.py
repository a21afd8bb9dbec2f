"""One timer for a moment that moves to and fro with every step of a call."""

import asyncio
from math import inf


class Alarm:
    """Rings at the latest moment that it was set to, or before; setting it wakes nobody."""

    def __init__(self) -> None:
        self._at = inf
        self._timer: asyncio.TimerHandle | None = None
        self._rung = asyncio.Event()

    def set(self, moment: float | None) -> None:
        """Ring by then; a later moment leaves the timer as it is, and None rings at once."""
        if moment is None:
            self._ring()
        elif moment < self._at:
            self.stop()
            self._at = moment
            self._timer = asyncio.get_running_loop().call_at(moment, self._ring)

    async def rings(self) -> None:
        """Wait until it rings."""
        await self._rung.wait()
        self._rung.clear()

    def stop(self) -> None:
        """Ring no more, until it is set again."""
        if self._timer is not None:
            self._timer.cancel()
        self._at, self._timer = inf, None

    def _ring(self) -> None:
        self.stop()
        self._rung.set()
