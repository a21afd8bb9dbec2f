"""The page of a version, and taking one back."""

import pytest
from django.test import Client
from django.urls import reverse

from prompts.admin import window
from prompts.domain.kinds import Direction
from prompts.models import AuditEntry, Business, PromptVersion
from prompts.selectors import current_versions
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business(agent_name="Ada")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def page(business: Business, direction: str = "inbound") -> str:
    return reverse("admin:prompts_business_prompt", args=[business.pk, direction])


def live(business: Business, direction: Direction = Direction.INBOUND) -> PromptVersion:
    version = current_versions(business)[direction]
    assert version
    return version


def test_a_version_has_a_page_of_its_own(staff: Client, business: Business) -> None:
    version = publish_text(business, "Line one.\n<script>alert(1)</script>")
    publish_text(business, "Newer.")
    response = staff.get(reverse("admin:prompts_promptversion_text", args=[version.pk]))
    assert "Line one.\n&lt;script&gt;" in response.text
    assert "Not live" in response.text
    assert version.sha256[:12] in response.text


def test_a_title_that_begins_with_a_number_runs_with_the_page(
    staff: Client, business: Business
) -> None:
    version = publish_text(business, "Words.")
    staff.cookies["django_language"] = "he"
    response = staff.get(reverse("admin:prompts_promptversion_text", args=[version.pk]))
    assert "&rsaquo; v1 של" in response.text


def version_page(version: PromptVersion) -> str:
    return reverse("admin:prompts_promptversion_text", args=[version.pk])


def test_a_version_shows_what_changed_since_any_other(staff: Client, business: Business) -> None:
    for word in ("one", "two", "three"):
        publish_text(business, f"Say {word} to callers.", greeting="Hello.")
    page = version_page(live(business))
    assert 'Say <del dir="auto">two</del><ins dir="auto">three</ins> to' in staff.get(page).text
    first = staff.get(f"{page}?with=1").text
    assert 'Say <del dir="auto">one</del><ins dir="auto">three</ins> to' in first
    for unknown in ("9", "x", "-1", "9" * 30):
        assert "no such version to compare with" in staff.get(f"{page}?with={unknown}").text


def test_an_old_version_offers_to_be_restored(staff: Client, business: Business) -> None:
    old, new = (publish_text(business, text) for text in ("Old.", "New."))
    restore = reverse("admin:prompts_business_restore", args=[business.pk, "inbound", 1])
    assert restore in staff.get(version_page(old)).text
    assert "Restore" not in staff.get(version_page(new)).text


def test_what_was_spoken_under_a_version_is_one_press_away(
    staff: Client, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (publish_text(business, text) for text in ("One.", "Two."))
    monkeypatch.setattr(window.look(), "spoken_page", lambda pk: f"/spoken/{pk}/")
    assert f'href="/spoken/{first.pk}/"' in staff.get(version_page(first)).text
    assert f'href="/spoken/{second.pk}/"' in staff.get(page(business)).text
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    taken_back = staff.post(url, {"reason": "Wrong price", "base": "2"}, follow=True)
    assert f'href="/spoken/{second.pk}/"' in taken_back.text


def test_taking_back_asks_once_and_shows_the_text_that_returns(
    staff: Client, business: Business
) -> None:
    publish_text(business, "The good one.")
    publish_text(business, "The bad one.")
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    assert url in staff.get(page(business)).text
    asked = staff.get(url)
    assert 'The <del dir="auto">bad</del><ins dir="auto">good</ins> one.' in asked.text
    assert asked.context["form"]["reason"].value() == "Take back v2"
    response = staff.post(url, {"reason": "Wrong price", "base": "2"}, follow=True)
    assert "Taken back: v2. v1 is live again" in response.text
    assert live(business).text == "The good one."
    entry = AuditEntry.objects.get(action="prompt.taken_back")
    assert (entry.reason, entry.actor_name) == ("Wrong price", "dana")


def test_taking_back_asks_again_when_somebody_published_meanwhile(
    staff: Client, business: Business
) -> None:
    for text in ("One.", "Two.", "Three."):
        publish_text(business, text)
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    response = staff.post(url, {"reason": "My words", "base": "2"})
    assert "v3 is live now: decide again." in response.text
    assert "My words" in response.text
    assert response.context["form"]["base"].value() == "3"
    assert live(business).text == "Three."


def test_the_first_version_cannot_be_taken_back(staff: Client, business: Business) -> None:
    publish_text(business, "The only one.")
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    assert url not in staff.get(page(business)).text
    response = staff.get(url, follow=True)
    assert "There is no version before this one" in response.text
