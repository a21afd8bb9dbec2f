"""Refusals are sentences; `tests/walks` asks every page."""

import pytest
from django.test import Client
from django.urls import reverse

from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion
from tests.factories import make_business, make_member, make_number, publish_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    business = make_business(number=make_number())
    publish_text(business, "One.")
    publish_text(business, "Two.")
    return business


def clerk(client: Client, business: Business | None, *roles: Role) -> Client:
    """A staff user with roles in one business, or with none at all."""
    client.force_login(make_member(business or make_business("Other"), *roles, username="clerk"))
    return client


def test_a_refusal_names_the_missing_role(client: Client, business: Business) -> None:
    staff = clerk(client, business, Role.EDITOR)
    page = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    assert "Two." in staff.get(page).text
    words = {"text": "Mine.", "greeting": "", "note": "x", "base": "2", "edition": "0"}
    review = staff.post(page, {**words, "then": "review"})["Location"]
    assert "Your draft is saved. You may write here but not publish" in staff.get(review).text
    refused = staff.post(review, {"note": "x", "apply": "live", "edition": "1"})
    assert refused.status_code == 403
    assert "For this you need the role “publisher”." in refused.text


def test_whoever_may_only_look_at_settings_cannot_save_them(
    client: Client, business: Business
) -> None:
    staff = clerk(client, business, Role.VIEWER)
    page = reverse("admin:prompts_business_settings", args=[business.pk])
    assert "Save the settings" not in staff.get(page).text
    assert staff.post(page, {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("page", ["settings", "hours", "details", "numbers"])
def test_whoever_may_only_look_is_asked_for_no_reason(
    client: Client, business: Business, page: str
) -> None:
    address = reverse(f"admin:prompts_business_{page}", args=[business.pk])
    assert 'name="reason"' not in clerk(client, business, Role.VIEWER).get(address).text
    client.logout()
    publisher = make_member(business, Role.PUBLISHER, username="publisher")
    client.force_login(publisher)
    assert 'name="reason"' in client.get(address).text


def test_a_business_page_offers_only_the_doors_that_open(
    client: Client, business: Business
) -> None:
    staff = clerk(client, business, Role.VIEWER)
    page = staff.get(reverse("admin:prompts_business_change", args=[business.pk]))
    doors = ["Prompts", "Settings", "Phone numbers", "Opening hours"]
    doors += ["History of the settings", "What was live"]
    assert [door.label for door in page.context["doors"]] == doors


def test_platform_prompts_are_for_superusers_whatever_roles_others_have(
    client: Client, business: Business
) -> None:
    staff = clerk(client, business, *Role)
    platform_text = PromptVersion.objects.filter(prompt__business=None)[0]
    for name, arguments in (
        ("prompts_platform_changelist", []),
        ("prompts_platform_prompt", [None]),
        ("prompts_promptversion_text", [platform_text.pk]),
    ):
        response = staff.get(reverse(f"admin:{name}", args=arguments))
        assert response.status_code == 403
        assert "only superusers" in response.text


def test_a_lost_security_mark_and_a_lost_page_are_told_in_sentences(business: Business) -> None:
    careful = Client(enforce_csrf_checks=True)
    refused = careful.post(reverse("admin:login"), {"username": "x", "password": "y"})
    assert refused.status_code == 403
    assert "Nothing was changed." in refused.text
    missing = careful.get("/nowhere")
    assert missing.status_code == 404
    assert "There is no such page" in missing.text
