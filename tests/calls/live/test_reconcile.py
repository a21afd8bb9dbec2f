"""The hub asks the database: what no message told, and what could not be read, is found."""

import pytest
from django.conf import LazySettings
from django.db import DatabaseError

from calls.domain.records import Route
from calls.live.change_feed import Hub
from calls.live.reading import ProfilesNotRead
from prompts.domain.kinds import Direction
from tests.calls.live.standins import Call, Database, Layer, asked_by_itself, until


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
        await until(lambda: len(database.reads) > 3)
        database.unreadable = None
        assert (await call.next())[0] == 4
        await until(lambda: not hub._wanted)
        database.revisions[7], database.unreadable = 5, error
        count = len(database.reads)
        await until(lambda: len(database.reads) > count + 3)
    events = [(one.event, one.facts["revision"]) for one in caplog.records if hasattr(one, "event")]
    assert events == [(said, 4), (said, 5)]


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
