"""The hub: each change reaches the calls of its business, whatever becomes of the layer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import DatabaseError

from calls.domain.records import Route
from calls.groups import EVERY_WORKER, Changed, Refresh, build_changed, build_refresh
from calls.live import change_feed, reconcile, subscription
from calls.live.change_feed import Hub
from calls.live.context import Context
from calls.live.heart import Heart
from calls.live.reading import ProfilesNotRead, Reading
from calls.proof import announcements
from calls.proof.announcements import calls_will_ask
from calls.selectors import Standing
from prompts.domain.kinds import Apply, Direction
from prompts.domain.layers import Instructions, Release, Started, Wording
from prompts.domain.profile import Profile
from tests.prompts.words import release, wording

SOON = 5
WHOSE = ContextVar("whose", default="nobody's")


class Call:
    """A live call as the hub knows one."""

    def __init__(self, business_id: int = 7, *, revision: int = 3, sid: str = "CA1") -> None:
        self.call_sid = sid
        self.business_id = business_id
        self.direction = Direction.INBOUND
        self.started = Started(revision, 2)
        self.caller = ""
        self.context = Context(datetime(2026, 11, 22, 12, 5, tzinfo=UTC))
        self.is_whole = True
        self.revision = revision
        self.reads_first_words = False
        self.taken: asyncio.Queue[tuple[Instructions, Route]] = asyncio.Queue()
        self.sent_again: asyncio.Queue[Refresh] = asyncio.Queue()
        self.texts: list[str] = []

    def expect(self, revision: int) -> bool:
        if self.reads_first_words:
            self.revision = max(self.revision, revision)
        return not self.reads_first_words

    async def published(
        self, instructions: Instructions, _read: Wording, route: Route, _at: datetime | None
    ) -> None:
        self.revision = instructions.revision
        self.taken.put_nowait((instructions, route))

    async def refreshed(
        self, instructions: Instructions, _read: Wording, refresh: Refresh, _at: datetime | None
    ) -> None:
        self.texts.append(instructions.text)
        self.sent_again.put_nowait(refresh)

    async def next(self) -> tuple[int, Route]:
        instructions, route = await asyncio.wait_for(self.taken.get(), SOON)
        return instructions.revision, route


class Database:
    """Revisions and words of businesses, and how often they were asked for."""

    def __init__(self) -> None:
        self.revisions: dict[int, int] = {7: 3, 8: 3}
        self.reads: list[tuple[int, int]] = []
        self.profiles: dict[str, str] = {}
        self.callers: list[Mapping[str, int]] = []
        self.error: Exception | None = None
        self.unreadable: Exception | None = None  # though the revisions can be read
        self.release = asyncio.Event()
        self.release.set()
        self.asked: asyncio.Queue[frozenset[int]] = asyncio.Queue()
        self.apply = Apply.LIVE
        self.empty: Direction | None = None
        self.words: dict[Direction, str] = {}
        self.refreshes: list[Refresh] = []

    async def changed_wordings(
        self,
        business_id: int,
        directions: frozenset[Direction],
        callers: Mapping[str, int],
        at_least: int,
    ) -> Reading:
        self.reads.append((business_id, at_least))
        self.callers.append(callers)
        await self.release.wait()
        if error := self.error or self.unreadable:
            raise error
        revision = max(at_least, self.revisions[business_id])
        words = {
            one: wording(
                business_id=business_id,
                direction=one,
                revision=revision,
                business=() if one is self.empty else self.releases(one, revision),
            )
            for one in directions
        }
        return Reading(words, callers, self.profiles, None)

    def releases(self, direction: Direction, revision: int) -> tuple[Release, ...]:
        newest = release(revision, self.words.get(direction, "New."), apply=self.apply)
        return release(1, "Old."), newest

    async def fresh_wordings(
        self, business_id: int, directions: frozenset[Direction], callers: frozenset[str]
    ) -> Reading:
        return await self.changed_wordings(business_id, directions, dict.fromkeys(callers, -1), 0)

    async def standing_of(self, business_ids: frozenset[int]) -> Standing:
        self.asked.put_nowait(business_ids)
        if self.error:
            raise self.error
        return Standing({one: self.revisions[one] for one in business_ids}, self.refreshes)


class Layer:
    """A channel layer that can be away, now or from the start."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.messages: asyncio.Queue[object] = asyncio.Queue()
        self.joins: asyncio.Queue[str] = asyncio.Queue()
        self.moments: list[float] = []  # of the joins
        self.deaf = False  # takes what is sent and brings nothing

    async def new_channel(self) -> str:
        return "hub"

    async def group_add(self, group: str, _channel: str) -> None:
        self.joins.put_nowait(group)
        self.moments.append(asyncio.get_running_loop().time())
        if self.error:
            raise self.error

    async def receive(self, _channel: str) -> object:
        message = await self.messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def send(self, _channel: str, message: dict[str, Any]) -> None:
        if not self.deaf:
            self.messages.put_nowait(message)

    async def flush(self) -> None:
        pass

    def push(self, business_id: int | None, revision: int) -> None:
        self.messages.put_nowait(dict(build_changed(Changed(business_id, revision))))

    def ask(self, refresh: Refresh) -> None:
        self.messages.put_nowait(dict(build_refresh(refresh)))


@pytest.fixture
async def database(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Database:
    found = Database()
    monkeypatch.setattr(change_feed, "reading", found)
    monkeypatch.setattr(reconcile, "reading", found)
    settings.RECONCILE_SECONDS = 3600
    return found


@pytest.fixture
async def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    found = Layer()
    monkeypatch.setattr(subscription, "get_channel_layer", lambda: found)
    monkeypatch.setattr(subscription, "FIRST_PAUSE", 0.01)
    return found


@pytest.fixture
async def hub(
    database: Database, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hub]:
    monkeypatch.setattr(Heart, "run", _for_ever)
    found = Hub()
    yield found
    for task in found._tasks:
        task.cancel()
    await asyncio.gather(*found._tasks, return_exceptions=True)


async def _for_ever(_heart: Heart) -> None:
    await asyncio.Event().wait()


async def asked_by_itself(database: Database) -> None:
    """Let the question pass that the hub puts as soon as it has joined."""
    await asyncio.wait_for(database.asked.get(), SOON)


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


async def test_a_call_that_began_without_its_profile_is_given_it_at_the_next_look(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call()
    call.is_whole = False
    with hub.listening(call):
        assert await call.next() == (3, Route.RECONCILE)


@pytest.mark.parametrize("fault", ["profile", "prompt", "marker"])
async def test_words_that_a_call_cannot_have_are_said_once_and_tried_with_the_next_revision(
    hub: Hub,
    database: Database,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    settings.RECONCILE_SECONDS = 0.01
    broken, whole = Call(sid="CA1"), Call(sid="CA2")
    broken.caller, broken.is_whole = "+15005550199", False
    if fault == "profile":
        database.profiles = {broken.caller: "{"}
    elif fault == "marker":  # completed by a value that came past our services
        broken.direction, database.words = Direction.OUTBOUND, {Direction.OUTBOUND: "Say <<<."}
    else:  # the slot of the one direction is empty
        broken.direction, database.empty = Direction.OUTBOUND, Direction.OUTBOUND
    with hub.listening(broken), hub.listening(whole):
        database.revisions[7] = 4
        assert await whole.next() == (4, Route.RECONCILE)
        for _ in range(5):
            await asked_by_itself(database)
        assert database.reads == [(7, 4)]
        assert broken.taken.empty()
        database.revisions[7], database.profiles, database.empty = 5, {}, None
        database.words = {}
        assert await broken.next() == (5, Route.RECONCILE)
    said = [one.facts for one in caplog.records if getattr(one, "event", "").startswith("call.")]
    assert [(one["call_sid"], one["revision"]) for one in said] == [("CA1", 4)]
    assert all(one["reason"] for one in said)


@pytest.mark.parametrize(
    ("error", "said"),
    [(DatabaseError(), "prompt.not_read"), (ProfilesNotRead(), "profile.not_read")],
)
async def test_what_cannot_be_read_is_said_once_for_each_revision_and_tried_again(
    hub: Hub,
    layer: Layer,
    database: Database,
    settings: LazySettings,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    settings.RECONCILE_SECONDS = 0.01
    database.unreadable = error
    call = Call()
    with hub.listening(call):
        database.revisions[7] = 4
        await _until(lambda: len(database.reads) > 3)
        database.unreadable = None
        assert (await call.next())[0] == 4
        await _until(lambda: not hub._wanted)
        database.revisions[7], database.unreadable = 5, error
        count = len(database.reads)
        await _until(lambda: len(database.reads) > count + 3)
    events = [(one.event, one.facts["revision"]) for one in caplog.records if hasattr(one, "event")]
    assert events == [(said, 4), (said, 5)]


async def test_a_call_that_cannot_take_a_change_keeps_it_from_no_other(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, calls = Call(), [Call() for _ in range(6)]
    monkeypatch.setattr(broken, "published", _raise)
    with ExitStack() as listening:
        for call in (broken, *calls):
            listening.enter_context(hub.listening(call))
        layer.push(7, 4)
        for call in calls:
            assert await call.next() == (4, Route.PUSH)


async def _raise(*_given: object) -> None:
    raise RuntimeError("broken")


async def test_revisions_that_come_while_one_is_read_become_one_reading_more(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call()
    with hub.listening(call):
        database.release.clear()
        layer.push(7, 4)
        await _until(lambda: database.reads)
        for revision in (5, 6, 7, 7, 5):
            layer.push(7, revision)
        await _until(layer.messages.empty)
        database.release.set()
        assert await call.next() == (4, Route.PUSH)
        assert await call.next() == (7, Route.PUSH)
        assert database.reads == [(7, 4), (7, 7)]


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


async def test_a_change_of_the_platform_makes_the_hub_ask_for_everybody(
    hub: Hub, layer: Layer, database: Database
) -> None:
    ours, other = Call(7), Call(8)
    with hub.listening(ours), hub.listening(other):
        await asked_by_itself(database)
        database.revisions = {7: 4, 8: 9}
        layer.push(None, 4)
        assert await ours.next() == (4, Route.RECONCILE)
        assert await other.next() == (9, Route.RECONCILE)


async def test_a_lost_push_is_found_by_asking(
    hub: Hub, database: Database, settings: LazySettings
) -> None:
    settings.RECONCILE_SECONDS = 0.02
    call = Call()
    with hub.listening(call):
        await asked_by_itself(database)
        database.revisions[7] = 4
        assert await call.next() == (4, Route.RECONCILE)


async def test_a_call_that_still_reads_its_first_words_is_told_what_to_expect(
    hub: Hub, layer: Layer, database: Database
) -> None:
    call = Call()
    call.reads_first_words = True
    with hub.listening(call):
        layer.push(7, 4)
        await _until(lambda: call.revision == 4)
        assert call.taken.empty()
        assert database.reads == []


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


async def test_a_database_that_is_away_leaves_the_words_and_is_asked_again(
    hub: Hub, layer: Layer, database: Database, settings: LazySettings
) -> None:
    settings.RECONCILE_SECONDS = 0.02
    call = Call()
    with hub.listening(call):
        database.error = TimeoutError("stalled")
        layer.push(7, 4)
        for _ in range(3):
            await asked_by_itself(database)
        assert call.taken.empty()
        database.revisions[7], database.error = 4, None
        assert (await call.next())[0] == 4


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
        await _until(lambda: not hub._subscription.joined.is_set())
        await _until(lambda: layer.joins.qsize() > 2)
        database.revisions[7] = 4
        layer.deaf = False
        assert await call.next() == (4, Route.RECONCILE)
        assert await hub.joined(within=SOON)
    assert caplog.text.count("The channel layer is away (BeatMissed)") == 1
    assert caplog.text.count("The channel layer is back") == 1


async def test_a_task_of_the_hub_that_fails_is_begun_again(
    hub: Hub, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_feed, "BEGUN_AGAIN_AFTER", 0.0)
    monkeypatch.setattr(hub._reconciler, "_wait", _raise)
    begun = []
    monkeypatch.setattr(Heart, "run", lambda heart: begun.append(heart) or _raise())
    with hub.listening(Call()):
        await _until(lambda: len(begun) > 2)
        assert await hub.joined(within=SOON)


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
        await _until(lambda: database.reads)
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


async def _until(holds: Any) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - the hub tells nobody what it has done
            await asyncio.sleep(0)
