"""The simulator's clock, which can run faster than the world's."""

import asyncio
import time
from collections.abc import Callable


class Pace:
    """Time as the simulator lives it: ``speed`` simulated seconds pass in each real one."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        """Return a monotonic time in simulated seconds."""
        return time.monotonic() * self.speed

    def later(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call ``call`` after so many simulated seconds; the running loop keeps the time."""
        return asyncio.get_running_loop().call_later(seconds / self.speed, call)

    async def sleep(self, seconds: float) -> None:
        """Wait so many simulated seconds."""
        await asyncio.sleep(seconds / self.speed)
