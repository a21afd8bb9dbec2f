"""What is written about calls, which waits while a change is being brought to many of them.

The collector of unused objects waits with it: a change makes so many new ones that it would walk
through all calls at that very moment.
"""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from weakref import WeakKeyDictionary

TASKS_PER_SLICE = 20  # lines, entries and rows: some four for each call


class Afterwards:
    """Does at once what nothing keeps waiting, and the rest in its order, a little at a time."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque()
        self._holders = 0

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
            self._do_some()

    def put(self, task: Callable[[], object]) -> None:
        """Do something that does not wait, now or after what waits."""
        if self._holders or self._waiting:
            self._waiting.append(partial(copy_context().run, task))
        else:
            task()

    def _do_some(self) -> None:
        if self._holders:  # whoever holds now goes on with it
            return
        for _ in range(min(TASKS_PER_SLICE, len(self._waiting))):
            self._waiting.popleft()()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._do_some)


_afterwards: WeakKeyDictionary[asyncio.AbstractEventLoop, Afterwards] = WeakKeyDictionary()


def afterwards() -> Afterwards:
    """What waits in the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _afterwards:
        _afterwards[loop] = Afterwards()
    return _afterwards[loop]
