"""The outcome of one's own releases, above every page until it was seen."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, Release, UnseenRelease
from prompts.services.freshness import check_freshness
from prompts.services.people import take_role
from prompts.services.platform import publish_platform
from prompts.services.take_back import take_back
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NO_CALLS = "Live now. No calls in progress; the next call uses it."
WAITING = "Confirmed in 0 of 1 call in progress."


@pytest.fixture
def business() -> Business:
    return make_business("Galil")


@pytest.fixture
def dana(business: Business) -> User:
    return make_member(business, Role.PUBLISHER, username="dana")


@pytest.fixture
def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def published(business: Business, person: User | None, text: str = "One.") -> Release:
    release: Release = publish_text(business, text, actor=person).releases.get()
    return release


def going_on(business: Business) -> Call:
    business.refresh_from_db()
    at = timezone.now() - timedelta(minutes=1)
    return make_call(business, 1, at, started_revision=business.revision)


def release_page(release: Release) -> str:
    return reverse("admin:prompts_release_page", args=[release.pk])


def pages(business: Business) -> list[str]:
    own = ("change", "settings", "details", "numbers", "hours", "callers")
    return [
        reverse("admin:index"),
        reverse("admin:prompts_business_changelist"),
        *(reverse(f"admin:prompts_business_{name}", args=[business.pk]) for name in own),
        reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"]),
    ]


def test_it_is_shown_on_every_page_of_the_business_and_on_the_index(
    staff: Client, business: Business, dana: User
) -> None:
    release = published(business, dana)
    for address in pages(business):
        text = staff.get(address).text
        assert "<bdi>Galil</bdi> <bdi>“Customers call us”</bdi>" in text, address
        assert NO_CALLS in text
        assert f'<a href="{release_page(release)}">See it call by call</a>' in text


def test_the_page_of_the_release_ends_it_when_nothing_more_will_come(
    staff: Client, business: Business, dana: User
) -> None:
    release = published(business, dana)
    opened = staff.get(release_page(release)).text
    assert "What became of your changes" not in opened
    assert NO_CALLS not in staff.get(reverse("admin:index")).text


def test_while_calls_are_waited_for_it_stays(staff: Client, business: Business, dana: User) -> None:
    call, release = going_on(business), published(business, dana)
    assert "What became of your changes" not in staff.get(release_page(release)).text
    index = staff.get(reverse("admin:index")).text
    assert WAITING in index
    assert f'data-poll="{release_page(release)}result/"' in index
    make_receipt(call, release.revision, Result.REFUSED)
    index = staff.get(reverse("admin:index")).text
    assert "1 refused by the voice service" in index
    assert "data-poll" not in index


def test_the_strip_that_asks_is_no_look_and_the_page_that_asks_is(
    staff: Client, business: Business, dana: User
) -> None:
    call, release = going_on(business), published(business, dana)
    result = f"{release_page(release)}result/"
    assert f'data-poll="{result}?seen"' in staff.get(release_page(release)).text
    staff.get(result, {"seen": ""})
    make_receipt(call, release.revision, Result.UNVERIFIED)
    staff.get(result)
    assert UnseenRelease.objects.filter(person=dana).exists()
    staff.get(result, {"seen": ""})
    assert not UnseenRelease.objects.filter(person=dana).exists()


def test_it_is_for_whoever_made_the_release_and_nobody_else(
    staff: Client, business: Business, dana: User
) -> None:
    release = published(business, dana)
    other = Client()
    other.force_login(make_user("root"))
    assert NO_CALLS not in other.get(reverse("admin:index")).text
    other.get(release_page(release))
    assert NO_CALLS in staff.get(reverse("admin:index")).text


def test_it_waits_for_the_person_in_another_browser(business: Business, dana: User) -> None:
    published(business, dana)
    elsewhere = Client()
    elsewhere.force_login(dana)
    assert NO_CALLS in elsewhere.get(reverse("admin:index")).text


def test_taking_back_has_a_result_of_its_own(staff: Client, business: Business, dana: User) -> None:
    for text in ("One.", "Two."):
        published(business, None, text)
    take_back(business=business, direction=Direction.INBOUND, base=2, reason="Wrong", actor=dana)
    assert "Taken back: v2. v1 is live again" in staff.get(reverse("admin:index")).text


def test_a_release_of_the_platform_has_one_too(client: Client) -> None:
    root = make_user("root")
    client.force_login(root)
    publish_platform(direction=None, text="Be brief.", base=1, note="Shorter", actor=root)
    text = client.get(reverse("admin:index")).text
    assert "Published v2 to every business" in text
    assert "the platform&#x27;s prompt for every call" in text


def test_whoever_lost_the_role_is_told_no_more(
    staff: Client, business: Business, dana: User
) -> None:
    published(business, dana)
    take_role(membership=business.memberships.get(user=dana), actor=None, reason="Left")
    assert "Galil" not in staff.get(reverse("admin:index")).text


def test_a_check_of_freshness_is_no_news(business: Business, dana: User) -> None:
    check_freshness(business=business, actor=dana)
    assert not UnseenRelease.objects.exists()


def test_only_a_few_are_shown_and_the_queries_stay_few(
    staff: Client, business: Business, dana: User
) -> None:
    counts = []
    for numbers in (range(3), range(3, 20)):
        for number in numbers:
            published(business, dana, f"Text {number}.")
        with CaptureQueriesContext(connection) as queries:
            text = staff.get(reverse("admin:index")).text
        counts.append(len(queries))
        assert text.count("See it call by call") == 3
    assert counts[0] == counts[1]


def test_the_login_page_knows_of_nothing(client: Client) -> None:
    assert client.get(reverse("admin:login")).status_code == 200
