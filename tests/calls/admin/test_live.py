"""The page of the calls in progress."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from calls.services.progress import record_foreign_text
from prompts.domain.roles import Role
from prompts.models import Business
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "admin:calls_call_live"


@pytest.fixture
def call() -> Call:
    business: Business = make_business("Galil", time_zone="Asia/Jerusalem")
    call = make_call(business, 1, timezone.now(), version=7)
    make_receipt(call, 1, Result.HELD, version=6)
    return call


def person(business: Business | None, *roles: Role) -> Client:
    client = Client()
    client.force_login(
        make_member(business or make_business("Other"), *roles, username="-".join(roles) or "x")
    )
    return client


def one(call: Call) -> str:
    return reverse("admin:calls_call_send_again", args=[call.pk])


def everything(call: Call) -> str:
    return reverse("admin:calls_call_send_all_again", args=[call.business_id])


def test_the_page_shows_each_call_and_whoever_may_can_send_again(call: Call) -> None:
    client = Client()
    client.force_login(make_user())
    text = client.get(reverse(PAGE)).content.decode()
    for words in ("Galil", "v6", "kept by choice", "Send again", "voiceagent/poll.js"):
        assert words in text
    assert reverse("admin:calls_call_change", args=[call.pk]) in text
    assert call.from_number not in text or not call.from_number


def test_a_text_that_is_none_of_ours_is_named_where_a_version_would_be(call: Call) -> None:
    record_foreign_text(call.pk, "e" * 64)
    text = person(call.business, Role.VIEWER).get(reverse(PAGE)).content.decode()
    assert "Other words than ours" in text
    assert "<td>v" not in text


def test_the_rows_come_alone_for_the_script(call: Call) -> None:
    text = person(call.business, Role.VIEWER).get(reverse(PAGE), {"rows": ""}).content.decode()
    assert "Galil" in text
    assert "<html" not in text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.PUBLISHER])
def test_staff_have_no_button_and_may_not_post(call: Call, role: Role) -> None:
    client = person(call.business, role)
    assert "Send again" not in client.get(reverse(PAGE)).content.decode()
    for path in (one(call), everything(call)):
        answer = client.post(path)
        assert answer.status_code == 403
        assert "For this you need the role" in answer.content.decode()
    call.refresh_from_db()
    assert call.refresh_id is None


def test_whoever_may_send_in_one_business_has_no_button_in_another(call: Call) -> None:
    other = make_call(make_business("Other"), 2, timezone.now())
    client = person(call.business, Role.SUPPORT)
    make_member(other.business, Role.VIEWER, username="support")
    text = client.get(reverse(PAGE)).content.decode()
    assert "Other" in text
    assert one(call) in text
    assert everything(call) in text
    assert one(other) not in text
    assert everything(other) not in text
    assert client.post(one(other)).status_code == 403


def test_inner_words_are_for_support(call: Call) -> None:
    make_receipt(call, 2, Result.ACKNOWLEDGED, version=6)
    inner = ("r2", ">acknowledged<", ">push<", f"{2:064x}"[:12], f"call/{call.pk}/change")
    staff = person(call.business, Role.PUBLISHER).get(reverse(PAGE)).content.decode()
    assert "Confirmed by the voice service" in staff
    assert not [words for words in inner if words in staff]
    support = person(call.business, Role.SUPPORT).get(reverse(PAGE)).content.decode()
    assert not [words for words in inner if words not in support]


def test_who_has_no_right_sees_nothing(call: Call) -> None:
    assert person(None).get(reverse(PAGE)).status_code == 403


def test_calls_of_other_businesses_are_not_shown(call: Call) -> None:
    stranger = person(None, Role.OWNER)
    assert "Galil" not in stranger.get(reverse(PAGE)).content.decode()
    for path in (one(call), everything(call)):
        assert stranger.post(path).status_code == 404


@pytest.mark.parametrize("way", [one, everything])
def test_sending_again_says_what_became_of_it(call: Call, way: Callable[[Call], str]) -> None:
    client = person(call.business, Role.SUPPORT)
    answer = client.get(way(call), follow=True)
    assert answer.redirect_chain == [(reverse("admin:calls_call_live"), 302)]
    assert "Nothing was sent again: press the button once more." in answer.text
    answer = client.post(way(call), follow=True)
    assert "1 call: The change will be picked up within 6 seconds." in answer.content.decode()
    call.refresh_from_db()
    assert call.refresh_force


def test_a_call_that_is_over_or_unknown_is_told_in_a_sentence(call: Call) -> None:
    client = person(call.business, Role.SUPPORT)
    over = {"status": "ended", "ended_at": timezone.now(), "end_reason": "caller_hung_up"}
    Call.objects.filter(pk=call.pk).update(**over)
    assert "The call has ended." in client.post(one(call), follow=True).content.decode()
    none = client.post(everything(call), follow=True).content.decode()
    assert "This business has no calls in progress." in none
    unknown = client.post(reverse("admin:calls_call_send_again", args=[call.pk + 1]))
    assert unknown.status_code == 404
    assert "There is no such page" in unknown.content.decode()


def test_the_queries_do_not_grow_with_the_calls(call: Call) -> None:
    client, counts = person(call.business, Role.SUPPORT), []
    for numbers in (range(2, 4), range(4, 40)):
        for number in numbers:
            make_receipt(make_call(call.business, number, timezone.now()), 1, Result.ACKNOWLEDGED)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE), {"rows": ""})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so() -> None:
    text = person(None, Role.VIEWER).get(reverse(PAGE)).content.decode()
    assert "No calls are in progress." in text


def test_the_list_of_calls_leads_there(call: Call) -> None:
    support = person(call.business, Role.SUPPORT)
    text = support.get(reverse("admin:calls_call_changelist")).content.decode()
    assert reverse(PAGE) in text
