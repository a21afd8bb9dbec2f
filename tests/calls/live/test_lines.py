"""Lines for the operator wait while a change is brought to many calls, and keep their order."""

import asyncio
from contextvars import ContextVar

from calls.live.lines import LINES_PER_SLICE, Lines, lines

MANY = 3 * LINES_PER_SLICE + 1
request: ContextVar[str] = ContextVar("request", default="")


async def test_a_line_is_written_at_once_where_nothing_keeps_it() -> None:
    written: list[int] = []
    Lines().put(lambda: written.append(1))
    assert written == [1]


async def test_lines_that_were_held_follow_in_their_order_a_few_at_a_time() -> None:
    written: list[int] = []
    ours = Lines()
    with ours.held():
        for number in range(MANY):
            ours.put(lambda number=number: written.append(number))
        assert written == []
    assert len(written) == LINES_PER_SLICE
    ours.put(lambda: written.append(MANY))
    await _until(lambda: len(written) == MANY + 1)
    assert written == list(range(MANY + 1))


async def test_whoever_holds_meanwhile_keeps_the_rest() -> None:
    written: list[int] = []
    ours = Lines()
    with ours.held():
        for number in range(MANY):
            ours.put(lambda number=number: written.append(number))
    with ours.held():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(written) == LINES_PER_SLICE
    await _until(lambda: len(written) == MANY)


async def test_a_line_that_waits_keeps_what_it_was_written_in() -> None:
    written: list[str] = []
    ours = Lines()
    with ours.held():
        request.set("one")
        ours.put(lambda: written.append(request.get()))
        request.set("two")
    assert written == ["one"]


async def test_each_event_loop_has_its_own() -> None:
    assert lines() is lines()
    assert await asyncio.to_thread(asyncio.run, _other()) is not lines()


async def _other() -> Lines:
    return lines()


async def _until(true) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - the loop itself announces nothing
            await asyncio.sleep(0)
