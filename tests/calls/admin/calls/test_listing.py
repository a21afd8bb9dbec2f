"""The list of calls, as support reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from calls.admin.view import CallsView
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion, ReadEntry
from tests.calls.admin.calls.rows import (
    GOING_ON,
    LIST,
    NOW,
    found,
    look_for,
    make_call,
    make_turn,
    sid,
)
from tests.factories import make_business, make_member, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_list_tells_each_call_in_a_row(staff: Client, business: Business) -> None:
    make_call(business, version=7)
    refused = {"status": "refused", "end_reason": "no_prompt", "duration_seconds": None}
    make_call(business, 2, **refused)
    make_call(business, 3, **GOING_ON)
    text = staff.get(reverse(LIST)).text
    for words in (
        "Galil",
        '<bdi dir="ltr">+972501234567</bdi>',
        "1:15",
        "The caller hung up.",
        "v7",
        "Not answered by the agent: no inbound prompt is published.",
        "In progress",
        "Nov. 20, 2026, 4:05 p.m.",
        'Times in <bdi dir="ltr">Asia/Jerusalem</bdi>',
        "3 calls",
    ):
        assert words in text


def test_a_call_shows_the_version_at_its_start_and_the_one_it_was_last_spoken_under(
    staff: Client, business: Business
) -> None:
    call = make_call(business, version=1)
    for position, number in enumerate((1, 2, None)):
        make_turn(call, position, version=number)
    assert "v1 → v2" in staff.get(reverse(LIST)).text


def test_calls_of_several_zones_each_name_their_own(staff: Client, business: Business) -> None:
    make_call(business)
    make_call(make_business("Harbor", time_zone="America/New_York"), 2)
    text = staff.get(reverse(LIST)).text
    assert "Nov. 20, 2026, 4:05 p.m." in text
    assert "Nov. 20, 2026, 9:05 a.m." in text
    assert '<bdi class="va-facts" dir="ltr">America/New_York</bdi>' in text


def test_the_calls_in_progress_have_a_list_of_their_own(staff: Client, business: Business) -> None:
    make_call(business)
    call = make_call(business, 2, started_at=timezone.now(), **GOING_ON)
    prompt = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    publish_text(business)
    address = CallsView().live_calls_page(business.pk, Direction.INBOUND)
    assert f'<a href="{escape(address)}">1 call in progress.</a>' in staff.get(prompt).text
    rows = staff.get(address).context["stretch"].rows
    assert [row.call for row in rows] == [call]


def test_a_long_list_comes_in_pages_that_keep_the_conditions(
    staff: Client, business: Business
) -> None:
    for number in range(60):
        make_call(business, number + 1, started_at=NOW - timedelta(minutes=number))
    first = staff.get(reverse(LIST), {"direction": "inbound"})
    assert len(first.context["stretch"].rows) == 50
    assert escape("?direction=inbound&p=2") in first.text
    second = staff.get(reverse(LIST), {"direction": "inbound", "p": 2})
    assert len(second.context["stretch"].rows) == 10
    assert "Calls 51 to 60" in second.text
    assert "Older calls" not in second.text
    assert "No more calls fit." in staff.get(reverse(LIST), {"p": 9}).text
    assert staff.get(reverse(LIST), {"p": "x"}).context["stretch"].number == 1


def test_a_longer_list_needs_no_more_queries(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    def count(**typed: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            found(staff, **typed)
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            call = make_call(business, number)
            make_turn(call, 1, version=1, prompt_version=version)
            make_call(make_business(f"Shop {number}"), number + 1000)

    searches = ({}, {"words": "hello", "version": "1", "day": "2026-11-20"})
    grow(1, 3)
    count(words="hello")  # the first look of all makes the head of their chain
    few = [count(**typed) for typed in searches]
    grow(3, 33)
    assert [count(**typed) for typed in searches] == few


def test_whoever_finds_words_has_read_them(staff: Client, business: Business) -> None:
    make_turn(make_call(business), 1, text="A toothache.")
    make_turn(make_call(business, 2), 1, text="Another toothache.")
    make_call(make_business("Other"), 3)
    found(staff)
    assert not ReadEntry.objects.exists()
    found(staff, words="toothache")
    look = ReadEntry.objects.get()
    assert (look.action, look.business) == ("transcripts.searched", business)
    assert set(look.detail.split(", ")) == {sid(1), sid(2)}


def test_an_empty_list_says_what_to_do(staff: Client, business: Business) -> None:
    text = staff.get(reverse(LIST)).text
    assert "There are no calls yet." in text
    assert reverse("admin:prompts_business_changelist") in text
    make_call(business)
    text = look_for(staff, words="zebra", direction="inbound").text
    assert "No call fits all of this." in text
    assert "Take “Words said” away" in text
    assert 'href="?direction=inbound"' in text


def test_whoever_may_read_calls_sees_those_of_the_own_businesses(
    client: Client, business: Business
) -> None:
    own = make_call(business)
    other = make_business("Other")
    make_call(other, 2)
    client.force_login(make_member(business, Role.SUPPORT))
    assert found(client) == [own]
    text = client.get(reverse(LIST), {"business": other.pk}).text
    assert "Other" not in text
    assert "Nothing was looked for yet" in text
    client.force_login(make_member(business, Role.VIEWER, username="viewer"))
    assert client.get(reverse(LIST)).status_code == 403
