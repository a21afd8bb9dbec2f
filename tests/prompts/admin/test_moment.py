"""What was live at a moment: the words, the settings, who put them there, and which calls."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.models import Turn
from prompts.domain.kinds import Apply
from prompts.domain.roles import Role
from prompts.models import Business
from prompts.services.business import add_phone_number, remove_phone_number
from prompts.services.hours import change_hours
from prompts.services.platform import publish_platform
from prompts.services.settings import change_settings
from prompts.services.take_back import take_back
from tests.calls.live_rows import make_call
from tests.factories import make_business, make_member, make_number, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # a Tuesday, 14:00 in Jerusalem


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Lets services do their work at a minute of that day."""

    def at(minute: int) -> datetime:
        moment = START + timedelta(minutes=minute)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    at(0)
    return at


@pytest.fixture
def business(clock) -> Business:
    return make_business("Galil", time_zone="Asia/Jerusalem")


@pytest.fixture
def dana() -> User:
    return make_user("dana")


def look(person: User, business: Business, **query: str):
    client = Client()
    client.force_login(person)
    response = client.get(reverse("admin:prompts_business_moment", args=[business.pk]), query)
    assert response.status_code == 200
    return response


def test_the_version_that_stood_then_with_what_came_before_and_after(
    business: Business, dana: User, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute, text in ((1, "Be kind today."), (5, "Be brief today."), (9, "Be quick today.")):
        clock(minute)
        publish_text(business, text, actor=dana)
    monkeypatch.undo()
    response = look(dana, business, at="2026-03-03T14:05")
    inbound, outbound = response.context["directions"]
    assert inbound.standing.release.to_version.number == 2
    assert [change.title for change in inbound.changes] == [
        "What changed from v1 to v2",
        "What changed from v2 to v3",
    ]
    assert outbound.standing.release is None
    for words in ("dana", "A test", "(Asia/Jerusalem)", "2:09 p.m.", "not answered by the agent"):
        assert words in response.text
    earlier = look(dana, business, at="2026-03-03T14:04").context["directions"][0]
    assert earlier.standing.release.to_version.number == 1
    before = look(dana, business, at="2026-03-03T13:00")
    assert before.context["directions"][0].standing.release is None
    assert "The business was not here yet." in before.text


def test_a_version_for_new_calls_says_so(business: Business, dana: User) -> None:
    publish_text(business, "One.")
    publish_text(business, "Two.", apply=Apply.NEW_CALLS)
    assert "for new calls only" in look(dana, business).text


def test_settings_hours_and_numbers_as_they_stood(
    business: Business, dana: User, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = add_phone_number(business=business, number=make_number(), actor=None, reason="A test")
    clock(2)
    change_settings(business=business, changes={"voice": "cedar"}, actor=dana, reason="Warmer")
    change_hours(
        business=business, changes={"days": {"monday": "09:00-13:00"}}, actor=dana, reason="A test"
    )
    clock(4)
    change_settings(business=business, changes={"voice": "ash"}, actor=dana, reason="Clearer")
    change_hours(
        business=business, changes={"days": {"monday": "closed"}}, actor=dana, reason="A test"
    )
    number = old.number
    remove_phone_number(number=old, actor=dana, reason="A test")
    new = add_phone_number(business=business, number=make_number(), actor=dana, reason="A test")
    monkeypatch.undo()

    def shown(at: str) -> list[dict[str, str]]:
        return [dict(group.values) for group in look(dana, business, at=at).context["groups"]]

    first, then, now = (shown(f"2026-03-03T14:0{minute}") for minute in (1, 3, 5))
    assert [groups[0]["Voice"] for groups in (first, then, now)] == ["marin", "cedar", "ash"]
    assert [groups[1]["Monday"] for groups in (first, then, now)] == ["–", "09:00-13:00", "closed"]
    assert [groups[3]["Number"] for groups in (then, now)] == [number, new.number]
    text = look(dana, business, at="2026-03-03T14:03").text
    assert "Warmer" in text
    assert "Clearer" in text


def test_the_platforms_prompts_with_what_came_before_and_after(
    dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first ones, which come with the database."""
    business, begun = make_business("Galil"), timezone.now()

    def in_minutes(count: int) -> datetime:
        moment = begun + timedelta(minutes=count)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    in_minutes(2)
    publish_platform(direction=None, text="Be brief today.", base=1, note="Shorter", actor=dana)
    in_minutes(4)
    take_back(business=None, direction=None, base=2, reason="Too short", actor=dana)
    monkeypatch.undo()
    viewer = make_member(business, Role.VIEWER)
    between, later = (f"{begun + timedelta(minutes=count):%Y-%m-%dT%H:%M:%S}" for count in (3, 5))
    for person in (dana, viewer):
        response = look(person, business, at=between)
        universal = response.context["platform"][0]
        assert universal.standing.release.reason == "Shorter"
        assert [change.title for change in universal.changes] == [
            "What changed from v1 to v2",
            "What changed from v2 to v1",
        ]
        assert "The platform&#x27;s prompt for every call" in response.text
        assert "Too short" in response.text
        page = reverse("admin:prompts_release_page", args=[universal.standing.release.pk])
        assert (page in response.text) == (person is dana)
    standing = look(viewer, business, at=later).context["platform"][0].standing
    assert (standing.release.kind, standing.following) == ("take_back", None)


def test_the_calls_that_went_on_and_what_each_stood_under(business: Business, dana: User) -> None:
    version = publish_text(business, "One.")
    ended = {"status": "ended", "end_reason": "caller_hung_up"}
    call = make_call(business, 1, START, sid="CA1", ended_at=START + timedelta(minutes=5), **ended)
    over = START - timedelta(minutes=9)
    make_call(business, 1, over, sid="CA2", ended_at=over, **ended)
    for position, minute in enumerate((1, 4)):
        Turn.objects.create(
            call=call,
            position=position,
            speaker="agent",
            started_at=START + timedelta(minutes=minute),
            version=7 + position,
            prompt_version=version,
        )
    response = look(dana, business, at="2026-03-03T14:02")
    assert response.context["calls"][0].direction_title == "Customers call us"
    assert [(one.version, one.url) for one in response.context["calls"]] == [
        (7, reverse("admin:calls_call_change", args=[call.pk]))
    ]
    (later,) = look(dana, business, at="2026-03-03T14:05").context["calls"]
    assert later.version == 8
    viewer = make_member(business, Role.VIEWER)
    assert look(viewer, business, at="2026-03-03T14:02").context["calls"] == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-03-27T02:30", "this time never was. What is shown is what was live at 3:30 a.m."),
        ("2026-10-25T01:30", "this is the first time it was 1:30 a.m."),
        ("2099-01-01T00:00", "This lies in the future."),
        ("yesterday", "Write a date and a time such as 2026-03-01 14:05."),
    ],
)
def test_a_doubtful_time_is_told_in_a_sentence(
    business: Business, dana: User, typed: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert sentence in look(dana, business, at=typed).text


def test_the_second_of_two_equal_times_can_be_asked_for(business: Business, dana: User) -> None:
    first = look(dana, business, at="2026-10-25T01:30")
    assert "?at=2026-10-25T01:30:00&amp;again=on" in first.text
    second = look(dana, business, at="2026-10-25T01:30", again="on")
    assert second.context["at"] - first.context["at"] == timedelta(hours=1)


def test_a_longer_history_needs_no_more_queries(business: Business, dana: User) -> None:
    def grow() -> None:
        publish_text(business, f"Text {timezone.now()} {grow}.")
        change_settings(
            business=business,
            changes={"threshold": 0.1 + business.settings.threshold / 2},
            actor=None,
            reason="-",
        )
        business.settings.refresh_from_db()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            look(dana, business)
        return len(queries)

    publish_text(business, "First.")
    few = count()
    for _time in range(5):
        grow()
        publish_text(business, f"Again {_time}.")
    assert count() == few


def test_a_stranger_has_no_such_page(business: Business) -> None:
    client = Client()
    client.force_login(make_member(make_business("Other"), Role.OWNER))
    url = reverse("admin:prompts_business_moment", args=[business.pk])
    assert client.get(url).status_code == 404
