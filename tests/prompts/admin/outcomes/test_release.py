"""The page of a release: who moved what and why, and what became of it in each call."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from prompts.domain.kinds import Apply, Direction
from prompts.domain.roles import Role
from prompts.models import Business, Release, Revision
from prompts.services.freshness import check_freshness
from prompts.services.platform import publish_platform
from prompts.services.take_back import take_back
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
IN = Direction.INBOUND


@pytest.fixture
def business() -> Business:
    made = make_business("Galil", time_zone="Asia/Jerusalem")
    publish_text(made, "One.")
    publish_text(made, "Two.", actor=make_user("dana"))
    made.refresh_from_db()
    return made


def newest(business: Business) -> Release:
    release: Release = Release.objects.filter(prompt__business=business).latest("pk")
    return release


def going_on(business: Business, number: int = 1, **fields: object) -> Call:
    """A call that began under the release before the newest."""
    at = timezone.now() - timedelta(minutes=1)
    older = {"started_revision": business.revision - 1, "version": 1}
    return make_call(business, number, at, **(older | fields))


def committed_at(release: Release) -> datetime:
    of_business = Revision.objects.filter(business=release.prompt.business)
    return of_business.get(number=release.revision).created_at


def answer(call: Call, result: Result, **fields: object) -> None:
    release = newest(call.business)
    facts = {"version": release.to_version.number, "prompt_version": release.to_version}
    if result.startswith("ack"):
        facts |= {
            "acknowledged_at": committed_at(release) + timedelta(milliseconds=84),
            "hash_echoed": "e" * 64,
        }
    make_receipt(call, release.revision, result, **(facts | fields))


def page(release: Release) -> str:
    return reverse("admin:prompts_release_page", args=[release.pk])


def result(release: Release) -> str:
    return reverse("admin:prompts_release_result", args=[release.pk])


@pytest.fixture
def viewer(business: Business) -> Client:
    return person(business, Role.VIEWER)


def person(business: Business, *roles: Role) -> Client:
    client = Client()
    client.force_login(make_member(business, *roles, username="-".join(roles)))
    return client


def test_it_says_what_moved_who_moved_it_when_and_why(viewer: Client, business: Business) -> None:
    text = viewer.get(page(newest(business))).text
    for words in ("Published v2", "“Customers call us”", "dana", "A test", "(Asia/Jerusalem)"):
        assert words in text
    for version in business.prompts.get(direction="inbound").versions.all():
        assert reverse("admin:prompts_promptversion_text", args=[version.pk]) in text
    assert "Calls in progress too" in text
    assert "Live now. No calls in progress; the next call uses it." in text


def test_the_first_release_of_a_slot_came_after_nothing(viewer: Client, business: Business) -> None:
    first = Release.objects.filter(prompt__business=business).earliest("pk")
    text = viewer.get(page(first)).text
    assert "Nothing was live" in text
    assert "Live now" not in text
    assert "No calls were in progress. Another version is live by now." in text
    assert f'<a href="{page(newest(business))}">Since then: v2</a>' in text


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (None, "Not confirmed yet, still on v1"),
        (Result.ACKNOWLEDGED, "Confirmed by the voice service"),
        (Result.ACKNOWLEDGED_UNSEEN, "Confirmed by the voice service"),
        (Result.ACKNOWLEDGED_LATE, "Confirmed by the voice service, late"),
        (Result.UNCHANGED, "Had it already, nothing to change"),
        (Result.UNVERIFIED, "Not confirmed, still on v1"),
        (Result.REFUSED, "Refused by the voice service, still on v1"),
        (Result.CALL_ENDED, "Ended before"),
    ],
)
def test_each_call_is_told_in_the_words_of_staff(
    viewer: Client, business: Business, result: Result | None, sentence: str
) -> None:
    call = going_on(business)
    if result is not None:
        answer(call, result)
    assert f">{sentence}<" in viewer.get(page(newest(business))).text


def test_a_call_that_went_on_to_a_newer_version_says_so(viewer: Client, business: Business) -> None:
    release, call = newest(business), going_on(business)
    publish_text(business, "Three.")
    answer(call, Result.ACKNOWLEDGED)
    assert ">Superseded by a newer version, v3<" in viewer.get(page(release)).text


def test_a_release_for_new_calls_leaves_the_others_by_choice(
    viewer: Client, business: Business
) -> None:
    publish_text(business, "Three.", apply=Apply.NEW_CALLS)
    business.refresh_from_db()
    call = going_on(business, version=2)
    answer(call, Result.HELD)
    text = viewer.get(page(newest(business))).text
    assert ">Kept on v2 by choice<" in text
    assert "New calls only" in text


def test_staff_see_no_inner_words_and_no_way_to_the_call(business: Business) -> None:
    call = going_on(business)
    answer(call, Result.ACKNOWLEDGED, detail="as it came")
    way = reverse("admin:calls_call_change", args=[call.pk])
    inner = (way, "eeeeeeeeeeee", "acknowledged", "push", "as it came", "Revision", "Fingerprint")
    staff, support = person(business, Role.PUBLISHER), person(business, Role.SUPPORT)
    for address in (page(newest(business)), result(newest(business))):
        assert "Confirmed by the voice service" in staff.get(address).text
        assert not [words for words in inner[:5] if words in staff.get(address).text]
        assert not [words for words in inner[:5] if words not in support.get(address).text]
    assert not [words for words in inner if words not in support.get(page(newest(business))).text]


def test_the_result_alone_is_final_when_every_call_has_answered(
    viewer: Client, business: Business
) -> None:
    call, release = going_on(business), newest(business)
    waiting = viewer.get(result(release)).text
    assert "<html" not in waiting
    assert "data-final" not in waiting
    assert f'data-poll="{result(release)}?seen"' in viewer.get(page(release)).text
    answer(call, Result.ACKNOWLEDGED)
    done = viewer.get(result(release)).text
    assert "data-final" in done
    assert "Confirmed in 1 of 1 call in progress, slowest 84 ms." in done
    assert "data-poll" not in viewer.get(page(release)).text


def test_without_a_script_a_link_looks_again(viewer: Client, business: Business) -> None:
    going_on(business)
    assert '<a href="" data-look>Look again</a>' in viewer.get(page(newest(business))).text


def test_a_move_that_no_call_hears_has_no_page(viewer: Client, business: Business) -> None:
    """Its button would take back another slot's words."""
    check_freshness(business=business, actor=None)
    page = reverse("admin:prompts_release_page", args=[newest(business).pk])
    assert viewer.get(page).status_code == 404


def test_of_many_calls_those_that_need_a_look_come_first(
    viewer: Client, business: Business
) -> None:
    for number in range(101):
        answer(going_on(business, number), Result.ACKNOWLEDGED)
    answer(going_on(business, 101), Result.REFUSED)
    release = newest(business)
    some = viewer.get(result(release)).text
    assert some.count("<tr>") == 1 + 100
    assert some.index("Refused by") < some.index("Confirmed by")
    assert "2 more calls" in some
    assert viewer.get(result(release), {"all": ""}).text.count("<tr>") == 1 + 102
    going_on(business, 102)
    assert f"{result(release)}?seen&amp;all" in viewer.get(page(release), {"all": ""}).text


def test_only_who_may_publish_can_take_the_newest_release_back(business: Business) -> None:
    first = Release.objects.filter(prompt__business=business).earliest("pk")
    way = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    publisher = person(business, Role.PUBLISHER)
    assert way in publisher.get(page(newest(business))).text
    assert way not in publisher.get(page(first)).text
    assert way not in person(business, Role.VIEWER).get(page(newest(business))).text


def test_taking_back_leads_to_a_release_of_its_own(business: Business) -> None:
    publisher = person(business, Role.PUBLISHER)
    way = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    response = publisher.post(way, {"reason": "Wrong price", "base": "2"}, follow=True)
    assert response.redirect_chain[-1][0] == page(newest(business))
    assert "Taken back: v2. v1 is live again" in response.text


def test_other_businesses_and_the_platform_are_not_shown(business: Business) -> None:
    stranger = person(make_business("Other"), *Role)
    for address in (page(newest(business)), result(newest(business))):
        assert stranger.get(address).status_code == 404
    platform = Release.objects.filter(prompt__business=None).latest("pk")
    for address in (page(platform), result(platform)):
        assert stranger.get(address).status_code == 403


def test_a_release_of_the_platform_tells_of_every_business(business: Business) -> None:
    other = make_business("Other")
    for number, one in enumerate((business, other)):
        going_on(one, number, started_platform_revision=one.platform_revision)
    publish_platform(direction=IN, text="Be brief.", base=1, note="Shorter", actor=None)
    client = Client()
    client.force_login(make_user("root"))
    text = client.get(page(Release.objects.filter(prompt__business=None).latest("pk"))).text
    assert "Published v2 to every business" in text
    assert "Confirmed in 0 of 2 calls in progress." in text
    assert text.count("Not confirmed yet, still as it was") == 2
    assert "<bdi>Other</bdi>" in text


def test_lists_of_versions_lead_to_the_release(viewer: Client, business: Business) -> None:
    release = newest(business)
    prompt = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    version = reverse("admin:prompts_promptversion_text", args=[release.to_version_id])
    for address in (prompt, version):
        assert page(release) in viewer.get(address).text


def test_a_version_that_came_back_leads_to_its_newest_release(
    viewer: Client, business: Business
) -> None:
    take_back(business=business, direction=IN, base=2, reason="Wrong", actor=None)
    prompt = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    assert page(newest(business)) in viewer.get(prompt).text


def test_the_queries_do_not_grow_with_the_calls(business: Business) -> None:
    support, counts = person(business, Role.SUPPORT), []
    for numbers in (range(1, 3), range(3, 30)):
        for number in numbers:
            answer(going_on(business, number), Result.ACKNOWLEDGED)
        with CaptureQueriesContext(connection) as queries:
            support.get(result(newest(business)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
