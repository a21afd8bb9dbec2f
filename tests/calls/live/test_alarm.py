"""One timer rings by the earliest moment that it was set to."""

import asyncio

import pytest

from calls.live.alarm import Alarm


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moments at which timers were set, of which none comes by itself."""
    set_at: list[float] = []
    real = asyncio.BaseEventLoop.call_at

    def call_at(loop, when, callback, *arguments, **context):
        if getattr(callback, "__name__", "") == "_ring":
            set_at.append(when)
        return real(loop, when, callback, *arguments, **context)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_at", call_at)
    return set_at


async def test_a_later_moment_leaves_the_timer_and_an_earlier_one_moves_it(
    moments: list[float],
) -> None:
    alarm, now = Alarm(), asyncio.get_running_loop().time()
    for moment in (now + 100, now + 200, now + 100, now + 50, now + 75):
        alarm.set(moment)
    assert moments == [now + 100, now + 50]
    alarm.set(now)
    async with asyncio.timeout(5):
        await alarm.rings()
    alarm.set(now + 300)
    assert moments == [now + 100, now + 50, now, now + 300]
    alarm.stop()


async def test_it_rings_at_once_when_there_is_no_moment_left() -> None:
    alarm = Alarm()
    alarm.set(asyncio.get_running_loop().time() + 100)
    alarm.set(None)
    async with asyncio.timeout(5):
        await alarm.rings()


async def test_each_ring_is_heard_once() -> None:
    alarm = Alarm()
    alarm.set(None)
    await alarm.rings()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await alarm.rings()
