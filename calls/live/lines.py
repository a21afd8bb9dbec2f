"""Lines for the operator about calls, which wait while a change is being brought to many calls."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from weakref import WeakKeyDictionary

LINES_PER_SLICE = 5


class Lines:
    """Writes at once what nothing keeps waiting, and the rest in its order, a few at a time."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], object]] = deque()
        self._holders = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep lines until the block ends."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            self._write_some()

    def put(self, write: Callable[[], object]) -> None:
        """Write a line, now or after those that wait."""
        if self._holders or self._waiting:
            self._waiting.append(partial(copy_context().run, write))
        else:
            write()

    def _write_some(self) -> None:
        if self._holders:  # whoever holds now goes on with it
            return
        for _ in range(min(LINES_PER_SLICE, len(self._waiting))):
            self._waiting.popleft()()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._write_some)


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Lines] = WeakKeyDictionary()


def lines() -> Lines:
    """The lines of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        _lines[loop] = Lines()
    return _lines[loop]
