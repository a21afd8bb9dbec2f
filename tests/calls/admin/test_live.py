"""The page of the calls in progress."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
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
    client.force_login(make_member(business or make_business("Other"), *roles))
    return client


def test_the_page_shows_each_call_and_whoever_may_can_send_again(call: Call) -> None:
    client = Client()
    client.force_login(make_user())
    text = client.get(reverse(PAGE)).content.decode()
    for words in ("Galil", "v6", "kept by choice", "Send again", "voiceagent/live.js"):
        assert words in text
    assert reverse("admin:calls_call_change", args=[call.pk]) in text
    assert call.from_number not in text or not call.from_number


def test_the_rows_come_alone_for_the_script(call: Call) -> None:
    text = person(call.business, Role.VIEWER).get(reverse(PAGE), {"rows": ""}).content.decode()
    assert "Galil" in text
    assert "<html" not in text


def test_who_may_only_look_has_no_button(call: Call) -> None:
    client = person(call.business, Role.VIEWER)
    assert "Send again" not in client.get(reverse(PAGE)).content.decode()
    path = reverse("admin:calls_call_send_again", args=[call.pk])
    assert client.post(path).status_code == 403
    call.refresh_from_db()
    assert call.refresh_id is None


def test_who_has_no_right_sees_nothing(call: Call) -> None:
    assert person(None).get(reverse(PAGE)).status_code == 403


def test_calls_of_other_businesses_are_not_shown(call: Call) -> None:
    stranger = person(None, Role.OWNER)
    assert "Galil" not in stranger.get(reverse(PAGE)).content.decode()
    path = reverse("admin:calls_call_send_again", args=[call.pk])
    assert stranger.post(path).status_code == 404


def test_sending_again_says_what_became_of_it(call: Call) -> None:
    client = person(call.business, Role.SUPPORT)
    path = reverse("admin:calls_call_send_again", args=[call.pk])
    assert client.get(path).status_code == 405
    answer = client.post(path, follow=True)
    assert "picked up within 6 seconds" in answer.content.decode()
    call.refresh_from_db()
    assert call.refresh_force


def test_an_empty_list_says_so() -> None:
    text = person(None, Role.VIEWER).get(reverse(PAGE)).content.decode()
    assert "No calls are in progress." in text


def test_the_list_of_calls_leads_there(call: Call) -> None:
    support = person(call.business, Role.SUPPORT)
    text = support.get(reverse("admin:calls_call_changelist")).content.decode()
    assert reverse(PAGE) in text
