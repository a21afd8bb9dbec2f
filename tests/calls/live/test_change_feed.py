"""The hub: each change reaches the calls of its business, and no others."""

import asyncio
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

import pytest

from calls.domain.records import Route
from calls.groups import EVERY_WORKER
from calls.live import change_feed
from calls.live.change_feed import Hub
from calls.live.heart import Heart
from calls.proof import announcements
from calls.proof.announcements import calls_will_ask
from prompts.domain.kinds import Apply
from prompts.domain.profile import Profile
from tests.calls.live.standins import SOON, Call, Database, Layer, fail, until

WHOSE = ContextVar("whose", default="nobody's")


async def test_a_push_reaches_the_calls_of_its_business_and_no_others(
    hub: Hub, layer: Layer
) -> None:
    ours, other = Call(7), Call(8)
    with hub.listening(ours), hub.listening(other):
        assert await hub.joined(within=SOON)
        assert await layer.joins.get() == EVERY_WORKER
        layer.push(7, 4)
        assert await ours.next() == (4, Route.PUSH)
        layer.push(8, 4)
        assert await other.next() == (4, Route.PUSH)
        assert ours.taken.empty()


async def test_the_hub_is_no_child_of_the_call_that_began_it(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    joined = layer.group_add

    async def join(group: str, channel: str) -> None:
        seen.append(WHOSE.get())
        await joined(group, channel)

    async def first_call() -> None:
        WHOSE.set("the first call's")
        with hub.listening(Call(8)):
            await asyncio.Event().wait()

    monkeypatch.setattr(layer, "group_add", join)
    first = asyncio.create_task(first_call())
    await asyncio.wait_for(layer.joins.get(), SOON)
    first.cancel()
    await asyncio.wait([first])
    second = Call(7)
    with hub.listening(second):
        layer.push(7, 4)
        assert await second.next() == (4, Route.PUSH)
    assert seen == ["nobody's"]


async def test_one_reading_serves_all_calls_of_a_business(
    hub: Hub, layer: Layer, database: Database
) -> None:
    calls = [Call() for _ in range(12)]
    with ExitStack() as listening:
        for call in calls:
            listening.enter_context(hub.listening(call))
        layer.push(7, 4)
        for call in calls:
            assert await call.next() == (4, Route.PUSH)
    assert database.reads == [(7, 4)]


async def test_each_call_is_told_of_its_own_caller(
    hub: Hub, layer: Layer, database: Database
) -> None:
    dana, eve, _withheld, broken = calls = [Call() for _ in range(4)]
    dana.caller, eve.caller, broken.caller = "+972501234567", "+972507654321", "+15005550199"
    database.profiles = {
        dana.caller: '{"name":"Dana"}',
        eve.caller: '{"name":"Eve"}',
        broken.caller: "{",
    }
    with ExitStack() as listening:
        for call in calls:
            listening.enter_context(hub.listening(call))
        layer.push(7, 4)
        texts = [(await asyncio.wait_for(one.taken.get(), SOON))[0].text for one in calls[:3]]
        assert broken.taken.empty()  # it keeps its words
    assert [('"Dana"' in text, '"Eve"' in text) for text in texts] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert database.reads == [(7, 4)]


async def test_calls_of_one_caller_are_known_as_of_the_oldest_of_them(
    hub: Hub, layer: Layer, database: Database
) -> None:
    calls = [Call() for _ in range(2)]
    for call, as_of in zip(calls, (3, 2), strict=True):
        call.caller = "+972501234567"
        call.context.learn(Profile(name="Dana"), as_of)
    with hub.listening(calls[0]), hub.listening(calls[1]):
        layer.push(7, 4)
        for call in calls:
            assert await call.next() == (4, Route.PUSH)
    assert database.callers == [{"+972501234567": 2}]
    assert [call.context.as_of for call in calls] == [4, 4]


async def test_a_call_that_cannot_take_a_change_keeps_it_from_no_other(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, calls = Call(), [Call() for _ in range(6)]
    monkeypatch.setattr(broken, "published", fail)
    with ExitStack() as listening:
        for call in (broken, *calls):
            listening.enter_context(hub.listening(call))
        layer.push(7, 4)
        for call in calls:
            assert await call.next() == (4, Route.PUSH)


async def test_revisions_that_come_while_one_is_read_become_one_reading_more(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call()
    with hub.listening(call):
        database.release.clear()
        layer.push(7, 4)
        await until(lambda: database.reads)
        for revision in (5, 6, 7, 7, 5):
            layer.push(7, revision)
        await until(layer.messages.empty)
        database.release.set()
        assert await call.next() == (4, Route.PUSH)
        assert await call.next() == (7, Route.PUSH)
        assert database.reads == [(7, 4), (7, 7)]


async def test_an_old_or_known_revision_is_not_read_again(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call(revision=5)
    with hub.listening(call):
        for revision in (3, 4, 5, 6):
            layer.push(7, revision)
        assert await call.next() == (6, Route.PUSH)
        assert database.reads == [(7, 6)]


async def test_a_call_that_began_under_a_revision_keeps_it_from_none_that_lacks_it(
    hub: Hub, layer: Layer, database: Database
) -> None:
    """It began between the commit and the push: of two calls here only one has the revision."""
    older, newer = Call(revision=3), Call(revision=4, sid="CA2")
    with hub.listening(older), hub.listening(newer):
        layer.push(7, 4)
        assert await older.next() == (4, Route.PUSH)
    assert database.reads == [(7, 4)]


async def test_a_call_that_still_reads_its_first_words_is_told_what_to_expect(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call()
    call.reads_first_words = True
    with hub.listening(call):
        layer.push(7, 4)
        await until(lambda: call.revision == 4)
        assert call.taken.empty()
        assert database.reads == []


async def test_a_release_for_new_calls_moves_no_call_in_progress(
    hub: Hub, layer: Layer, database: Database
) -> None:
    database.apply = Apply.NEW_CALLS
    call = Call()
    with hub.listening(call):
        layer.push(7, 4)
        instructions, _route = await asyncio.wait_for(call.taken.get(), SOON)
        assert (instructions.revision, instructions.version, instructions.held) == (4, 1, True)


async def test_a_call_that_has_ended_is_forgotten(hub: Hub, layer: Layer) -> None:
    call, other = Call(7), Call(8)
    with hub.listening(other):
        with hub.listening(call):
            await hub.joined(within=SOON)
        layer.push(7, 4)
        layer.push(8, 4)
        assert (await other.next())[0] == 4
        assert hub.ignored == 1
        assert call.taken.empty()


async def test_a_task_of_the_hub_that_fails_is_begun_again(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_feed, "BEGUN_AGAIN_AFTER", 0.0)
    monkeypatch.setattr(hub._reconciler, "_wait", fail)
    begun = []
    monkeypatch.setattr(Heart, "run", lambda heart: begun.append(heart) or fail())
    with hub.listening(Call()):
        await until(lambda: len(begun) > 2)
        assert await hub.joined(within=SOON)


async def test_a_change_of_another_process_counts_as_told(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "_told", {})
    call, now = Call(), datetime.now(UTC)
    made = now - timedelta(seconds=2)
    with hub.listening(call):
        layer.push(7, 4)
        await call.next()
    assert not calls_will_ask(7, 4, made, now)
    assert calls_will_ask(7, 5, made, now)
