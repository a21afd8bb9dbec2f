"""The page of the calls in progress, and its buttons, over two processes."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from calls.simulator.caller import SimulatedCaller
from tests.live.desk import Desk, Page
from tests.live.stage import House, Stage, house, stage

LIVE = "/admin/calls/call/live/"
ROWS = f"{LIVE}?rows"
ONE = r'action="(/admin/calls/call/\d+/send-again/)"'
ALL = r'action="(/admin/calls/call/live/\d+/send-again/)"'


@pytest.fixture(scope="module")
def pair(redis_of_module: str) -> Iterator[tuple[House, House]]:
    """Two processes with one Redis, in which nothing is ever found by asking."""
    shared = {"REDIS_URL": redis_of_module, "RECONCILE_SECONDS": "3600"}
    with house("uvicorn", **shared) as one, house("daphne", beside=one, **shared) as other:
        yield one, other


async def ready(on: Stage, call: SimulatedCaller) -> None:
    await on.books.until(lambda b: b.receipts(call.call_sid), "the first receipt")


async def press(desk: Desk, button: str) -> Page:
    """Press the first button of a kind."""
    page = await asyncio.to_thread(desk.open, LIVE)
    found = re.search(button, page.text)
    assert found, page.words
    return await asyncio.to_thread(lambda: desk.send(found[1], on=LIVE))


async def test_calls_of_every_process_are_shown_and_get_the_words_again(
    pair: tuple[House, House],
) -> None:
    async with stage(pair[0]) as on:
        calls = [await on.dial(2, house=house) for house in pair]
        await asyncio.gather(*(ready(on, call) for call in calls))
        desk = await asyncio.to_thread(Desk, pair[1].server.base_url)
        answered = await press(desk, ALL)
        assert answered.path == LIVE
        assert "2 calls: Confirmed by the voice service." in answered.words
        assert "2 calls in progress." in answered.words
        for call in calls:
            routes = [row["route"] for row in on.books.receipts(call.call_sid)]
            assert routes == ["start", "manual"]
        await calls[0].hang_up()
        await on.books.ended(calls[0].call_sid)
        assert "1 call: Confirmed by the voice service." in (await press(desk, ONE)).words
        rows = await asyncio.to_thread(desk.open, ROWS)
        assert "1 call in progress." in rows.words
        assert "acknowledged manual" in rows.words


async def test_a_voice_service_that_refuses_or_stays_silent_is_told(
    pair: tuple[House, House],
) -> None:
    async with stage(pair[0]) as on:
        await ready(on, await on.dial(2))
        desk = await asyncio.to_thread(Desk, pair[1].server.base_url)
        on.model.faults.configured = "refused"
        assert "1 call: The voice service refused the words." in (await press(desk, ONE)).words
        on.model.faults.configured = "missing"
        silent = await press(desk, ONE)
        assert "1 call: The voice service did not confirm within eight seconds." in silent.words
