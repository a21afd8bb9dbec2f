"""What is written about calls waits while a change is brought to many, and keeps its order."""

import asyncio
import gc
from contextvars import ContextVar

import pytest

from calls.live.afterwards import TASKS_PER_SLICE, Afterwards, afterwards

MANY = 3 * TASKS_PER_SLICE + 1
request: ContextVar[str] = ContextVar("request", default="")


async def test_what_is_written_waits_for_what_the_loop_has_to_do() -> None:
    written: list[int] = []
    ours = Afterwards()
    for number in range(MANY):
        ours.put(lambda number=number: written.append(number))
    assert written == []
    await asyncio.sleep(0)
    assert len(written) == TASKS_PER_SLICE
    await ours.done()
    assert written == list(range(MANY))


async def test_what_fails_stops_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    written: list[int] = []
    ours = Afterwards()
    ours.put(lambda: 1 / 0)
    ours.put(lambda: written.append(1))
    await ours.done()
    assert written == [1]
    assert "ZeroDivisionError" in caplog.text


async def test_lines_that_were_held_follow_in_their_order_a_few_at_a_time() -> None:
    written: list[int] = []
    ours = Afterwards()
    with ours.held():
        for number in range(MANY):
            ours.put(lambda number=number: written.append(number))
        await asyncio.sleep(0)
        assert written == []
    await asyncio.sleep(0)
    assert len(written) == TASKS_PER_SLICE
    ours.put(lambda: written.append(MANY))
    await ours.done()
    assert written == list(range(MANY + 1))


async def test_whoever_holds_meanwhile_keeps_the_rest() -> None:
    written: list[int] = []
    ours = Afterwards()
    with ours.held():
        for number in range(MANY):
            ours.put(lambda number=number: written.append(number))
    await asyncio.sleep(0)
    with ours.held():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(written) == TASKS_PER_SLICE
    await ours.done()
    assert len(written) == MANY


async def test_a_line_that_waits_keeps_what_it_was_written_in() -> None:
    written: list[str] = []
    ours = Afterwards()
    with ours.held():
        request.set("one")
        ours.put(lambda: written.append(request.get()))
        request.set("two")
    await ours.done()
    assert written == ["one"]


async def test_each_event_loop_has_its_own() -> None:
    assert afterwards() is afterwards()
    assert await asyncio.to_thread(asyncio.run, _other()) is not afterwards()


async def _other() -> Afterwards:
    return afterwards()


async def test_the_collector_rests_until_nobody_holds() -> None:
    ours = Afterwards()
    with ours.held():
        with ours.held():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
