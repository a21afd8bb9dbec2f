"""A refresh that somebody asked for reaches the calls it names, once."""

import asyncio
from contextlib import ExitStack
from uuid import uuid4

from django.conf import LazySettings

from calls.groups import Refresh
from calls.live.change_feed import Hub
from tests.calls.live.standins import SOON, Call, Database, Layer, asked_by_itself, until


async def test_a_refresh_reaches_the_call_it_names_once_by_whatever_way_it_comes(
    hub: Hub, layer: Layer, database: Database, settings: LazySettings
) -> None:
    settings.RECONCILE_SECONDS = 0.02
    named, other = Call(sid="CA1"), Call(sid="CA2")
    refresh = Refresh(uuid4(), 7, "CA1", force=True)
    database.refreshes = [refresh]
    with hub.listening(named), hub.listening(other):
        layer.ask(refresh)
        taken = await asyncio.wait_for(named.sent_again.get(), SOON)
        assert (taken.request_id, taken.force) == (refresh.request_id, True)
        for _ in range(3):
            await asked_by_itself(database)
        assert named.sent_again.empty()
        assert other.sent_again.empty()


async def test_a_refresh_of_a_business_reaches_all_its_calls_in_one_reading(
    hub: Hub, layer: Layer, database: Database
) -> None:
    calls, foreign = [Call(sid=f"CA{n}") for n in range(3)], Call(8)
    with ExitStack() as listening:
        for call in (*calls, foreign):
            listening.enter_context(hub.listening(call))
        layer.ask(Refresh(uuid4(), 7))
        for call in calls:
            await asyncio.wait_for(call.sent_again.get(), SOON)
        assert database.reads == [(7, 0)]
        assert foreign.sent_again.empty()


async def test_a_refresh_tells_each_call_of_its_own_caller(
    hub: Hub, layer: Layer, database: Database
) -> None:
    dana, withheld, broken = calls = [Call(sid=f"CA{n}") for n in range(3)]
    dana.caller, broken.caller = "+972501234567", "+15005550199"
    database.profiles = {dana.caller: '{"name":"Dana"}', broken.caller: "{"}
    with ExitStack() as listening:
        for call in calls:
            listening.enter_context(hub.listening(call))
        layer.ask(Refresh(uuid4(), 7))
        for call in (dana, withheld):
            await asyncio.wait_for(call.sent_again.get(), SOON)
        assert broken.sent_again.empty()  # it keeps its words
    assert ['"Dana"' in text for text in dana.texts + withheld.texts] == [True, False]
    assert "The call began on Sunday 12:05" in dana.texts[0]
    assert [set(callers) for callers in database.callers] == [{dana.caller, broken.caller}]


async def test_a_refresh_whose_words_cannot_be_read_is_found_again_by_asking(
    hub: Hub, layer: Layer, database: Database, settings: LazySettings
) -> None:
    settings.RECONCILE_SECONDS = 0.02
    call, refresh = Call(), Refresh(uuid4(), 7, "CA1")
    with hub.listening(call):
        await asked_by_itself(database)
        database.error = TimeoutError("stalled")
        layer.ask(refresh)
        await until(lambda: database.reads)
        database.refreshes, database.error = [refresh], None
        taken = await asyncio.wait_for(call.sent_again.get(), SOON)
        assert taken.request_id == refresh.request_id


async def test_what_was_asked_of_many_calls_and_found_by_asking_is_one_reading(
    hub: Hub, layer: Layer, database: Database, settings: LazySettings
) -> None:
    settings.RECONCILE_SECONDS = 0.02
    request, calls = uuid4(), [Call(sid=f"CA{n}") for n in range(3)]
    with ExitStack() as listening:
        for call in calls:
            listening.enter_context(hub.listening(call))
        database.refreshes = [Refresh(request, 7, call.call_sid) for call in calls[:2]]
        for call in calls[:2]:
            assert (await asyncio.wait_for(call.sent_again.get(), SOON)).request_id == request
        await asked_by_itself(database)
        assert database.reads == [(7, 0)]
        assert calls[2].sent_again.empty()
