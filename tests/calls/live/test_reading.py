"""All that the calls of a business need, in three queries and of one revision."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Semaphore
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.live import reading
from calls.live.context import UNKNOWN, Context
from calls.live.reading import Reading
from prompts import cache as words
from prompts.domain.kinds import Direction
from prompts.models import Business, Revision
from prompts.services.hours import change_hours
from prompts.services.profile import erase_profile, save_profile
from tests.factories import make_business, publish_text
from tests.prompts.test_selectors import before_query

IN, OUT = Direction.INBOUND, Direction.OUTBOUND
DANA, EVE = "+972501234567", "+972507654321"
BEGAN = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
WHY = {"actor": None, "reason": "A test"}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    business = make_business()
    for direction in Direction:
        publish_text(business, f"Words {direction}.", direction=direction)
    know(business, DANA, "Dana")
    return business


def know(business: Business, number: str, name: str) -> None:
    save_profile(business=business, number=number, values={"name": name}, **WHY)


class Here:
    """Runs what would run in a thread of its own in the test's, where its queries are seen."""

    async def run(self, work: Callable[[], Any], *, within: float) -> Callable[[], Any]:
        return work


@pytest.fixture(params=["published", "refreshed"])
def read(
    request: pytest.FixtureRequest, business: Business, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Reading]:
    """What all calls are brought after a publish, or when a person asks for it again."""
    monkeypatch.setattr(reading, "threads", Here())
    business_id, directions, callers = business.pk, frozenset(Direction), frozenset({DANA, EVE})
    refreshed = request.param == "refreshed"
    at_first = Business.objects.get(pk=business.pk).revision

    def found(announced: int = at_first) -> Reading:
        work: Any = asyncio.run(
            reading.fresh_wordings(business_id, directions, callers)
            if refreshed
            else reading.changed_wordings(
                business_id, directions, dict.fromkeys(callers, UNKNOWN), announced
            )
        )
        return work()  # type: ignore[no-any-return]

    return found


def told(found: Reading, caller: str = DANA) -> list[str]:
    context = Context(BEGAN)
    context.learn(found.profile(caller), found.wordings[IN].revision)
    return [context.part(found.wordings[one]).text for one in Direction]


@pytest.mark.parametrize(
    ("read", "warm", "most"),
    [("published", False, 3), ("published", True, 1), ("refreshed", True, 3)],
    indirect=["read"],
)
def test_two_directions_and_all_callers_take_at_most_three_queries(
    read: Callable[[], Reading], warm: bool, most: int
) -> None:
    cache.clear()
    if warm:
        read()
    with CaptureQueriesContext(connection) as queries:
        found = read()
    assert len(queries) == most
    newest = Revision.objects.filter(business_id=found.wordings[IN].business_id).latest("number")
    assert {one.revision for one in found.wordings.values()} == {newest.number}
    assert found.committed_at == newest.created_at


def test_callers_are_read_only_where_something_may_have_changed(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "threads", Here())

    def read_by(known: dict[str, int]) -> Reading:
        revision = Business.objects.get(pk=business.pk).revision
        work: Any = asyncio.run(
            reading.changed_wordings(business.pk, frozenset({IN}), known, revision)
        )
        return work()  # type: ignore[no-any-return]

    known_at = Business.objects.get(pk=business.pk).revision
    publish_text(business, "Newer words.")
    for most in (0, 2):  # with the words that the publish left in the cache, and without
        with CaptureQueriesContext(connection) as queries:
            assert read_by({DANA: known_at, EVE: known_at}).callers == set()
        assert len(queries) == most + 1  # the test's own is for the revision
        cache.clear()
    assert read_by({DANA: known_at, EVE: known_at - 1}).callers == {EVE}
    assert read_by({DANA: UNKNOWN}).callers == {DANA}
    know(business, EVE, "Eve")
    assert read_by({DANA: known_at, EVE: known_at}).callers == {DANA, EVE}
    known_at = Business.objects.get(pk=business.pk).revision
    erase_profile(business=business, number=DANA, **WHY)
    assert read_by({DANA: known_at, EVE: known_at}).callers == {DANA, EVE}


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("kind", ["profile", "hours", "publish"])
def test_a_change_between_any_two_queries_never_mixes_two_revisions(
    business: Business, read: Callable[[], Reading], number: int, kind: str
) -> None:
    cache.clear()
    old = read()
    cache.clear()

    def change() -> None:
        if kind == "profile":
            know(business, DANA, "Dana Levi")
        elif kind == "hours":
            change_hours(
                business=business,
                changes={"days": {"sunday": "closed"}},
                actor=None,
                reason="A test",
            )
        else:
            publish_text(business, "Newer words.")

    with before_query(number, change):
        found = read()
    cache.clear()
    new = read()
    now = new if found.wordings[IN].revision > old.wordings[IN].revision else old
    assert found == now
    assert told(found) == told(now)


def test_wordings_of_two_revisions_in_the_cache_are_read_anew(
    business: Business, read: Callable[[int], Reading]
) -> None:
    words.wording(business.pk, IN, at_least=0)
    know(business, DANA, "Dana Levi")
    words.forget(business.pk)
    now = Business.objects.get(pk=business.pk).revision
    words.wording(business.pk, OUT, at_least=now)
    found = read(now)
    assert [one.revision for one in found.wordings.values()] == [now, now]
    assert all('"Dana Levi"' in text for text in told(found))


def test_the_same_facts_are_told_in_the_same_bytes(
    business: Business, read: Callable[[], Reading]
) -> None:
    before = read()
    know(business, EVE, "Eve")
    after = read()
    assert told(before) == told(after)
    assert told(before, "") == told(after, "")
    assert told(before, EVE) != told(after, EVE)


def test_an_erasure_shows_even_in_an_older_revision(
    business: Business, read: Callable[[], Reading]
) -> None:
    revision = Business.objects.get(pk=business.pk).revision
    erase_profile(business=business, number=DANA, **WHY)
    assert reading.read_profiles(business.pk, {DANA}, revision) == {}
    assert told(read())[0] == told(read(), "")[0]


async def test_the_regular_question_waits_for_no_other_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "standing", lambda ids: sorted(ids))
    is_stuck, may_go = Semaphore(0), Event()

    def stall() -> None:
        is_stuck.release()
        may_go.wait(10)

    stalled = [reading.threads.submit(stall) for _ in range(4)]
    try:
        await asyncio.to_thread(lambda: [is_stuck.acquire(timeout=5) for _ in stalled])
        async with asyncio.timeout(2):
            assert await reading.standing_of(frozenset({7})) == [7]
    finally:
        may_go.set()
        await asyncio.gather(*map(asyncio.wrap_future, stalled))


def test_a_call_that_starts_asks_the_database_how_new_its_words_have_to_be(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was announced to it, and though a slow process put old words into the cache."""
    monkeypatch.setattr(reading, "threads", Here())
    announced = Business.objects.get(pk=business.pk).revision
    old = words.wording(business.pk, IN, at_least=announced)
    publish_text(business, "Newer words.", direction=IN)
    words.keep(old)
    work: Any = asyncio.run(reading.first_wording(business.pk, IN, announced))
    assert work().business[-1].version.text == "Newer words."
