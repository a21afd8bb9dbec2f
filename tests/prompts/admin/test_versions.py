"""The page of a version, and taking one back."""

import pytest
from django.test import Client
from django.urls import reverse

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


def test_taking_back_asks_once_and_shows_the_text_that_returns(
    staff: Client, business: Business
) -> None:
    publish_text(business, "The good one.")
    publish_text(business, "The bad one.")
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    assert url in staff.get(page(business)).text
    asked = staff.get(url)
    assert "The good one." in asked.text
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
