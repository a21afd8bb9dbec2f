"""The hub and the channel layer: messages that are none of ours, and a layer that is away."""

import asyncio
from itertools import pairwise
from uuid import uuid4

import pytest

from calls.domain.records import Route
from calls.live import subscription
from calls.live.change_feed import Hub
from tests.calls.live.standins import SOON, Call, Database, Layer, asked_by_itself, until


@pytest.mark.parametrize(
    "message",
    [
        {"type": "instructions.changed"},
        {"type": "instructions.changed", "business": "7", "revision": 4},
        {"type": "instructions.changed", "business": 7, "revision": "4"},
        {"type": "instructions.changed", "business": 7, "revision": None},
        {"type": "something.new", "business": 7, "revision": 4},
        {"type": "instructions.changed", "business": 99, "revision": 4},
        {"type": "instructions.changed", "business": 7, "revision": 3},
        {"type": "instructions.changed", "business": 7, "revision": -1},
        {"type": "calls.refresh", "business": 7, "call": "CA1", "request": "none"},
        {"type": "calls.refresh", "business": 7, "call": 1, "request": str(uuid4())},
        {"type": "hub.heartbeat", "number": "one"},
        {"type": ["instructions.changed"]},
        ["instructions.changed", 7, 4],
        ValueError("Bytes that are no message."),
        {},
    ],
)
async def test_a_message_that_is_not_for_us_is_counted_and_changes_nothing(
    hub: Hub, layer: Layer, database: Database, message: object
) -> None:
    call = Call()
    with hub.listening(call):
        await hub.joined(within=SOON)
        layer.messages.put_nowait(message)
        layer.push(7, 4)
        assert await call.next() == (4, Route.PUSH)
        assert hub.ignored == 1
        assert layer.joins.qsize() == 1  # and nobody took it for an outage


async def test_a_layer_that_raises_touches_no_call_and_is_joined_again_then_asked(
    hub: Hub, layer: Layer, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    call = Call()
    with hub.listening(call):
        await hub.joined(within=SOON)
        await asked_by_itself(database)
        layer.error = ConnectionError("refused")
        layer.messages.put_nowait(ConnectionError("reset"))
        for _ in range(3):
            await asyncio.wait_for(layer.joins.get(), SOON)
        assert not await hub.joined(within=0)
        database.revisions[7] = 4  # published while nobody could tell us
        layer.error = None
        assert await call.next() == (4, Route.RECONCILE)
        assert await hub.joined(within=SOON)
    assert caplog.text.count("The channel layer is away") == 1
    assert caplog.text.count("The channel layer is back") == 1


async def test_a_layer_away_from_the_start_delays_a_call_no_longer_than_it_waits(
    hub: Hub, layer: Layer
) -> None:
    layer.error = ConnectionError("refused")
    with hub.listening(Call()):
        assert not await hub.joined(within=0.01)


async def test_the_pauses_between_joins_grow_to_a_limit(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "FIRST_PAUSE", 0.002)
    monkeypatch.setattr(subscription, "LONGEST_PAUSE", 0.008)
    layer.error = ConnectionError("refused")
    with hub.listening(Call()):
        for _ in range(6):
            await asyncio.wait_for(layer.joins.get(), SOON)
    pauses = [later - earlier for earlier, later in pairwise(layer.moments[:6])]
    for pause, least in zip(pauses, (0.002, 0.004, 0.008, 0.008, 0.008), strict=True):
        assert pause >= least * 0.9


async def test_a_message_of_ours_that_does_not_come_back_is_an_outage_and_its_return_is_asked_about(
    hub: Hub,
    layer: Layer,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscription, "BEAT_EVERY", 0.02)
    call = Call()
    with hub.listening(call):
        assert await hub.joined(within=SOON)
        await asked_by_itself(database)
        layer.deaf = True
        await until(lambda: not hub._subscription.joined.is_set())
        await until(lambda: layer.joins.qsize() > 2)
        database.revisions[7] = 4
        layer.deaf = False
        assert await call.next() == (4, Route.RECONCILE)
        assert await hub.joined(within=SOON)
    assert caplog.text.count("The channel layer is away (BeatMissed)") == 1
    assert caplog.text.count("The channel layer is back") == 1
