"""What was spoken under a version, also under one that was taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion, ReadEntry
from prompts.services.take_back import take_back
from tests.calls.admin.calls.rows import NOW, make_call, make_turn
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def page(client: Client, version: PromptVersion, **typed: object) -> str:
    response = client.get(address(version), typed)
    assert response.status_code == 200
    return " ".join(response.text.split())


def address(version: PromptVersion) -> str:
    return reverse("admin:calls_call_spoken", args=[version.pk])


def answer(call: Call, position: int, version: PromptVersion, **fields: object) -> None:
    business = version.prompt.business
    assert business is not None
    business.refresh_from_db()
    stamp = {"version": version.number, "prompt_version": version, "revision": business.revision}
    make_turn(call, position, **(stamp | fields))


def test_the_calls_and_answers_of_a_version_are_listed(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call, other = make_call(business), make_call(business, 2)
    answer(call, 1, version, text="Sixty dollars.")
    make_turn(call, 2, speaker="caller", text="Thank you.")
    second = publish_text(business, "Be brief.")
    answer(call, 3, second, text="Ninety dollars.")
    answer(other, 1, second, text="Hello.", interrupted=True, heard="Hel")
    text = page(staff, version)
    assert "Sixty dollars." in text
    assert "Ninety dollars." not in text
    assert "Thank you." not in text
    assert "1 answer stood under this version." in text
    assert reverse("admin:calls_call_line", args=[call.pk, 1]) in text
    text = page(staff, second)
    assert "Ninety dollars." in text
    assert 'Hel<span class="va-unheard">' in text


def test_a_version_that_was_taken_back_says_so_and_still_tells_what_was_said(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    second = publish_text(business, "Free of charge.", actor=make_user("ruth"))
    answer(make_call(business), 1, second, text="It costs nothing.")
    take_back(
        business=business,
        direction=Direction.INBOUND,
        base=2,
        reason="Too generous",
        actor=make_user("eve"),
    )
    text = page(staff, second)
    assert "It costs nothing." in text
    assert "Taken back" in text
    assert '<bdi>eve</bdi>: <q dir="auto">Too generous</q>' in text
    release = second.releases.get()
    assert reverse("admin:prompts_release_page", args=[release.pk]) in text


def test_one_release_of_a_version_can_be_looked_at_alone(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    answer(make_call(business), 1, version, text="The first time.")
    publish_text(business, "Something else.")
    take_back(business=business, direction=Direction.INBOUND, base=2, reason="Back", actor=None)
    answer(make_call(business, 2), 1, version, text="The second time.")
    both = page(staff, version)
    assert "The first time." in both
    assert "The second time." in both
    newest, oldest = version.releases.order_by("-revision")
    first = page(staff, version, release=oldest.pk)
    assert "The first time." in first
    assert "The second time." not in first
    second = page(staff, version, release=newest.pk)
    assert "The first time." not in second
    assert "The second time." in second
    assert page(staff, version, release="x").count("time.") == both.count("time.")


def test_whoever_may_not_read_calls_sees_which_they_were_and_no_words(
    client: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business)
    answer(call, 1, version, text="Sixty dollars.")
    client.force_login(make_member(business, Role.PUBLISHER, username="publisher"))
    text = page(client, version)
    assert "···4567" in text
    assert "+972501234567" not in text
    assert "Sixty dollars." not in text
    assert reverse("admin:calls_call_change", args=[call.pk]) not in text
    assert "1 answer stood under this version." in text
    assert not ReadEntry.objects.exists()
    client.force_login(make_member(business, Role.SUPPORT, username="support"))
    assert "Sixty dollars." in page(client, version)
    assert ReadEntry.objects.get().detail == call.sid


def test_a_stranger_finds_no_such_page(client: Client, version: PromptVersion) -> None:
    client.force_login(make_member(make_business("Other"), Role.OWNER))
    assert client.get(address(version)).status_code == 404


def test_the_platforms_versions_have_no_such_page(staff: Client, version: PromptVersion) -> None:
    shared = PromptVersion.objects.filter(prompt__business=None).earliest("pk")
    assert staff.get(address(shared)).status_code == 404
    assert (
        "spoken/"
        not in staff.get(reverse("admin:prompts_promptversion_text", args=[shared.pk])).text
    )


def test_a_version_that_nobody_spoke_under_says_so(staff: Client, version: PromptVersion) -> None:
    assert "No answer of any call stood under this version." in page(staff, version)


def test_many_calls_come_in_pages_and_need_no_more_queries(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(staff, version)
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            call = make_call(business, number, started_at=NOW - timedelta(minutes=number))
            for position in range(12):
                answer(call, position, version)

    grow(1, 3)
    page(staff, version)  # the first look of all makes the head of their chain
    few = count()
    grow(3, 33)
    assert count() == few
    text = page(staff, version)
    assert text.count("12 answers stood under this version.") == 25
    assert "and 2 more answers" in text
    assert "?p=2" in text
    assert page(staff, version, p=2).count("12 answers stood") == 7


def test_versions_and_releases_lead_there(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    link = f'href="{address(version)}"'
    text = staff.get(reverse("admin:prompts_promptversion_text", args=[version.pk])).text
    assert link in text
    release = version.releases.get()
    assert link in staff.get(reverse("admin:prompts_release_page", args=[release.pk])).text
    prompt = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    assert link in staff.get(prompt).text
