"""The history of settings: who changed what, when and why, and the difference of any two states."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, Revision
from prompts.services.business import add_phone_number, change_business, remove_phone_number
from prompts.services.hours import change_hours
from prompts.services.settings import change_settings, pause
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, make_number, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business("Galil", time_zone="Asia/Jerusalem")


@pytest.fixture
def dana(business: Business) -> User:
    return make_member(business, Role.PUBLISHER, username="dana")


@pytest.fixture
def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def settings(business: Business, actor: User | None = None, **changes: object) -> int:
    """Change the settings; answers the number of the change."""
    change_settings(business=business, changes=changes, actor=actor, reason="Slow speakers")
    return newest(business)


def hours(business: Business, reason: str = "Summer", **days: str) -> int:
    change_hours(business=business, changes={"days": days}, actor=None, reason=reason)
    return newest(business)


def newest(business: Business) -> int:
    return AuditEntry.objects.filter(business=business).latest("number").number


def listed(staff: Client, business: Business, **query: object) -> HttpResponse:
    return staff.get(reverse("admin:prompts_business_history", args=[business.pk]), query)


def opened(staff: Client, business: Business, number: int, **query: object) -> HttpResponse:
    address = reverse("admin:prompts_business_past_change", args=[business.pk, number])
    return staff.get(address, query)


def told(response: HttpResponse) -> list[list[tuple[str, str, str, str]]]:
    """What the list says of each change: the value, before, after, and who got it."""
    return [
        [(one.name, one.before, one.after, one.who) for one in line.values]
        for line in response.context["lines"]
    ]


def differing(response: HttpResponse) -> dict[str, list[tuple[str, str, str]]]:
    """What the page of a change shows as different, by kind."""
    return {
        group.title: [(row.name, row.before, row.after) for row in group.rows]
        for group in response.context["comparison"].groups
    }


def test_the_list_says_who_changed_what_when_and_why(
    staff: Client, business: Business, dana: User
) -> None:
    number = settings(business, dana, vad="semantic_vad", threshold=0.7)
    text = listed(staff, business).text
    for words in ("Settings changed", "dana", "Slow speakers", "(Asia/Jerusalem)", "See the calls"):
        assert words in text
    assert f'/history/{number}/">{number}</a>' in text
    assert "Turn detection" in text
    assert "by the sense of the words (semantic_vad)" in text
    assert "&quot;" not in text


def test_each_value_is_told_with_the_calls_that_got_it(staff: Client, business: Business) -> None:
    number = make_number()
    added = add_phone_number(business=business, number=number, actor=None, reason="A line")
    remove_phone_number(number=added, actor=None, reason="Given up")
    settings(business, voice="cedar", max_call_seconds=60, threshold=0.7)
    hours(business, sunday="09:00-13:00", friday="closed")
    pause(business=business, actor=None, reason="Holiday")
    too, new = "Calls in progress too", "New calls only"
    assert told(listed(staff, business))[:5] == [
        [("Agent paused", "no", "yes", new)],
        [("Friday", "–", "closed", too), ("Sunday", "–", "09:00-13:00", too)],
        [
            ("Voice", "marin", "cedar", new),
            ("Speech threshold", "0.5", "0.7", too),
            ("Longest call (seconds)", "–", "60", too),
        ],
        [("Number", number, "–", new)],
        [("Number", "–", number, new)],
    ]


def test_one_kind_of_changes_can_be_shown_alone(staff: Client, business: Business) -> None:
    settings(business, voice="cedar")
    hours(business, sunday="closed")
    publish_text(business)
    assert len(told(listed(staff, business))) == 3  # with the one that added the business
    assert told(listed(staff, business, kind="hours")) == [
        [("Sunday", "–", "closed", "Calls in progress too")]
    ]
    assert "Nothing of this kind was changed yet." in listed(staff, business, kind="numbers").text
    assert len(told(listed(staff, business, kind="nonsense"))) == 3


@pytest.mark.parametrize("page", ["settings", "hours", "details", "numbers"])
def test_every_page_of_settings_leads_to_its_part_of_the_history(
    staff: Client, business: Business, page: str
) -> None:
    text = staff.get(reverse(f"admin:prompts_business_{page}", args=[business.pk])).text
    assert f'href="/admin/prompts/business/{business.pk}/history/?kind={page}"' in text


def test_a_change_shows_what_it_did_and_how_everything_stood_after_it(
    staff: Client, business: Business
) -> None:
    first = settings(business, voice="cedar")
    settings(business, voice="ash")
    change_business(business=business, changes={"agent_name": "Noa"}, actor=None, reason="New")
    page = opened(staff, business, first)
    assert differing(page) == {"": [("Voice", "marin", "cedar")]}
    groups = {title: dict(values) for title, values in page.context["groups"]}
    assert (groups["Settings"]["Voice"], groups["Details"]["Agent's name"]) == ("cedar", "–")
    assert "Changed since" in page.text
    assert "Everything stands so now" in opened(staff, business, newest(business)).text


def test_any_two_states_are_compared_in_the_order_of_time(
    staff: Client, business: Business
) -> None:
    first = settings(business, voice="cedar")
    hours(business, sunday="09:00-13:00")
    kept = make_number()
    add_phone_number(business=business, number=kept, actor=None, reason="A line")
    second = settings(business, voice="ash")
    settings(business, voice="coral")
    expected = {
        "Settings": [("Voice", "cedar", "ash")],
        "Opening hours": [("Sunday", "–", "09:00-13:00")],
        "Phone numbers": [("Number", "–", kept)],
    }
    page = opened(staff, business, second, **{"with": first})
    assert (
        page.context["comparison"].title == f"What changed from change {first} to change {second}"
    )
    assert differing(page) == expected
    assert differing(opened(staff, business, first, **{"with": second})) == expected
    assert "Nothing differs." in opened(staff, business, first, **{"with": first}).text


def test_a_state_is_compared_with_what_stands_now(staff: Client, business: Business) -> None:
    first = settings(business, voice="cedar")
    settings(business, voice="ash")
    page = opened(staff, business, first, **{"with": "now"})
    assert page.context["comparison"].title == f"What changed from change {first} to now"
    assert differing(page) == {"Settings": [("Voice", "cedar", "ash")]}


def test_long_texts_are_compared_word_by_word(staff: Client, business: Business) -> None:
    words = "We are sorry. Our assistant is away today. Please leave a message after the tone."
    settings(business, fallback_words=words)
    number = settings(business, fallback_words=words.replace("today", "this week"))
    text = opened(staff, business, number).text
    assert "<del" in text
    assert ">today</del>" in text
    assert ">this week</ins>" in text


@pytest.mark.parametrize("other", ["0", "-1", "999", "9" * 30, "x", "\u0661", "1.0"])
def test_a_change_that_never_was_is_told_in_a_sentence(
    staff: Client, business: Business, other: str
) -> None:
    page = opened(staff, business, settings(business, voice="cedar"), **{"with": other})
    assert "There is no such change to compare with." in page.text


def test_the_page_says_what_became_of_it_in_calls(staff: Client, business: Business) -> None:
    settings(business, threshold=0.6)
    alone = opened(staff, business, newest(business)).text
    assert "No call was in progress when this was saved." in alone
    call = make_call(business, 1, timezone.now() - timedelta(minutes=1))
    number = settings(business, threshold=0.7)
    revision = Revision.objects.get(business=business, audit_number=number)
    confirmed_at = revision.created_at + timedelta(milliseconds=40)
    make_receipt(call, revision.number, Result.ACKNOWLEDGED, acknowledged_at=confirmed_at)
    text = opened(staff, business, number).text
    assert "Confirmed in 1 of 1 call in progress" in text
    assert reverse("admin:prompts_revision_page", args=[revision.pk]) in text


def test_what_waits_for_the_next_call_speaks_of_no_calls(staff: Client, business: Business) -> None:
    make_call(business, 1, timezone.now() - timedelta(minutes=1))
    page = opened(staff, business, settings(business, voice="cedar"))
    assert page.context["effect"] == ""


def test_whoever_reads_settings_reads_their_history(client: Client, business: Business) -> None:
    number = settings(business, voice="cedar")
    client.force_login(make_member(business, Role.VIEWER, username="viewer"))
    assert listed(client, business).status_code == 200
    assert opened(client, business, number).status_code == 200
    client.force_login(make_member(make_business("Other"), *Role, username="stranger"))
    assert listed(client, business).status_code == 404
    assert opened(client, business, number).status_code == 404


def test_other_entries_are_no_part_of_it(staff: Client, business: Business) -> None:
    publish_text(business)
    assert opened(staff, business, newest(business)).status_code == 404
    assert len(told(listed(staff, business))) == 1


def test_a_longer_history_needs_no_more_queries(staff: Client, business: Business) -> None:
    def count(ask: Callable[[], HttpResponse]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        return len(queries)

    def counts() -> list[int]:
        return [
            count(lambda: listed(staff, business)),
            count(lambda: opened(staff, business, first)),
            count(lambda: opened(staff, business, first, **{"with": "now"})),
        ]

    first = settings(business, voice="cedar")
    hours(business, sunday="closed")
    few = counts()
    for minute in range(60):
        settings(business, threshold=minute / 100)
        hours(business, sunday=f"09:00-10:{minute:02d}")
    assert counts() == few
    assert listed(staff, business, p=2).context["page"].number == 2
