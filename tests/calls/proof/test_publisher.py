"""What a script that publishes is told of the calls in progress."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from calls.proof import announcements, publisher
from prompts import receipts
from prompts.models import Business, Release
from prompts.services.settings import change_settings
from tests import factories
from tests.calls.live_rows import make_call, make_receipt

Pauses = list[float]


@pytest.fixture
def business(db: None) -> Business:
    made = factories.make_business("Harbor")
    factories.publish_text(made, "One.")
    return made


@pytest.fixture
def call(business: Business) -> Call:
    """A call in progress that began before the newest publish."""
    business.refresh_from_db()
    made = make_call(business, 1, timezone.now() - timedelta(minutes=1))
    factories.publish_text(business, "Two.")
    business.refresh_from_db()
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """The seconds of each pause, which here take no time."""
    return paused(monkeypatch, lambda: None)


def paused(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> Pauses:
    made: Pauses = []

    def pause(seconds: float) -> None:
        made.append(seconds)
        meanwhile()

    monkeypatch.setattr(publisher, "sleep", pause)
    return made


def entries_of(business: Business) -> receipts.Receipts:
    return receipts.read(business.pk, business.revision) or []


@pytest.mark.both_databases
def test_the_answer_tells_what_calls_confirm_within_a_moment(
    business: Business, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result.ACKNOWLEDGED
    made = paused(monkeypatch, lambda: make_receipt(call, business.revision, result, version=2))
    (entry,) = entries_of(business)
    assert (entry["confirmed"], entry["waiting"], entry["settled"]) == (1, 0, True)
    assert len(made) == 1


@pytest.mark.both_databases
def test_the_answer_waits_for_no_call_longer_than_a_moment(
    business: Business, call: Call, pauses: Pauses
) -> None:
    (entry,) = entries_of(business)
    assert (entry["direction"], entry["in_progress"], entry["waiting"]) == ("inbound", 1, 1)
    assert entry["settled"] is False
    newest = Release.objects.latest("pk")
    assert str(entry["page"]).endswith(f"/admin/prompts/release/{newest.pk}/")
    assert sum(pauses) == pytest.approx(0.3)


def test_nobody_waits_where_no_call_of_the_business_is_in_progress(
    business: Business, call: Call, pauses: Pauses
) -> None:
    other = factories.make_business("Other")
    factories.publish_text(other, "One.")
    other.refresh_from_db()
    assert [one["in_progress"] for one in entries_of(other)] == [0]
    assert pauses == []


def test_nobody_waits_for_calls_that_find_a_change_by_asking(
    business: Business, call: Call, pauses: Pauses
) -> None:
    announcements.not_announced(business.pk, business.revision, OSError())
    try:
        (entry,) = entries_of(business)
    finally:
        announcements.announced(business.pk, business.revision)
    assert entry["sentence"] == "Live. Calls in progress pick it up within 6 seconds."
    assert pauses == []


def test_a_publish_that_moved_nothing_tells_of_both_directions(business: Business) -> None:
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    business.refresh_from_db()
    assert [one["direction"] for one in entries_of(business)] == ["inbound", "outbound"]
