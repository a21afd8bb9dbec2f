"""The page of the calls in progress."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from prompts.models import Business
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "admin:calls_call_live"


@pytest.fixture
def call() -> Call:
    business: Business = make_business("Galil", time_zone="Asia/Jerusalem")
    call = make_call(business, 1, timezone.now(), version=7)
    make_receipt(call, 1, Result.HELD, version=6)
    return call


def person(*rights: str) -> Client:
    user = User.objects.create_user("staff", password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
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
    text = person("view_call").get(reverse(PAGE), {"rows": ""}).content.decode()
    assert "Galil" in text
    assert "<html" not in text


def test_who_may_only_look_has_no_button(call: Call) -> None:
    client = person("view_call")
    assert "Send again" not in client.get(reverse(PAGE)).content.decode()
    path = reverse("admin:calls_call_send_again", args=[call.pk])
    assert client.post(path).status_code == 403
    call.refresh_from_db()
    assert call.refresh_id is None


def test_who_has_no_right_sees_nothing(call: Call) -> None:
    assert person().get(reverse(PAGE)).status_code == 403


def test_sending_again_says_what_became_of_it(call: Call) -> None:
    client = person("view_call", "refresh_call")
    path = reverse("admin:calls_call_send_again", args=[call.pk])
    assert client.get(path).status_code == 405
    answer = client.post(path, follow=True)
    assert "picked up within 6 seconds" in answer.content.decode()
    call.refresh_from_db()
    assert call.refresh_force


def test_an_empty_list_says_so() -> None:
    assert "No calls are in progress." in person("view_call").get(reverse(PAGE)).content.decode()


def test_the_list_of_calls_leads_there(call: Call) -> None:
    text = person("view_call").get(reverse("admin:calls_call_changelist")).content.decode()
    assert reverse(PAGE) in text
