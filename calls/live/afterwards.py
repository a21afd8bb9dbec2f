"""What is written about calls: it waits for whatever else the loop has to do, a little at a time.

While a change is brought to many calls nothing is written at all. The collector of unused objects
waits with it: a change makes so many new ones that it would walk through all calls at that very
moment.
"""

import asyncio
import gc
import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from weakref import WeakKeyDictionary

logger = logging.getLogger(__name__)

TASKS_PER_SLICE = 3  # each some 0.1 ms; sound that has come meanwhile goes before the next ones


class Afterwards:
    """Does what does not wait for anything in its order, between all the rest."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Context, Callable[[], object]]] = deque()
        self._holders = 0
        self._is_due = False  # the loop will come back for more

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everything until the block ends."""
        self._holders += 1
        gc.disable()
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                gc.enable()
            self._come_back()

    def put(self, task: Callable[[], object]) -> None:
        """Do something soon."""
        self._waiting.append((copy_context(), task))
        self._come_back()

    async def done(self) -> None:
        """Wait until all that was put so far has been done."""
        reached = asyncio.Event()
        self.put(reached.set)
        await reached.wait()

    def _come_back(self) -> None:
        if self._waiting and not self._is_due and not self._holders:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._do_some)

    def _do_some(self) -> None:
        self._is_due = False
        if self._holders:  # whoever holds now goes on with it
            return
        for _ in range(min(TASKS_PER_SLICE, len(self._waiting))):
            context, task = self._waiting.popleft()
            try:
                context.run(task)
            except Exception:
                logger.exception("Something about a call was not written.")
        self._come_back()


_afterwards: WeakKeyDictionary[asyncio.AbstractEventLoop, Afterwards] = WeakKeyDictionary()


def afterwards() -> Afterwards:
    """What waits in the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _afterwards:
        _afterwards[loop] = Afterwards()
    return _afterwards[loop]
