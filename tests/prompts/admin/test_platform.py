"""Platform prompts: for superusers, and shipped ones wait until somebody publishes them."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from prompts.models import Prompt
from prompts.services.slots import Text, platform_slot, write_version
from tests.factories import make_business, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def page(name: str = "universal") -> str:
    return reverse("admin:prompts_platform_prompt", args=[name])


def universal() -> Prompt:
    return platform_slot(None)


def ship(text: str = "A better universal text.") -> None:
    with transaction.atomic():
        write_version(universal(), Text(text), "Shipped with voiceagent", None)


@pytest.mark.parametrize("name", ["universal", "inbound", "outbound"])
def test_each_slot_has_a_page(staff: Client, name: str) -> None:
    assert page(name) in staff.get(reverse("admin:prompts_platform_changelist")).text
    assert staff.get(page(name)).status_code == 200


def test_a_new_text_is_published_to_every_business(staff: Client) -> None:
    business = make_business()
    before = business.revision
    words = {"text": "Be brief.", "note": "Shorter", "base": "1", "apply": "live"}
    response = staff.post(page(), words, follow=True)
    assert "Published v2 to every business" in response.text
    assert universal().current.text == "Be brief."  # type: ignore[union-attr]
    business.refresh_from_db()
    assert business.revision == before + 1


def test_a_shipped_text_waits_and_is_published_by_hand(staff: Client) -> None:
    business = make_business()
    ship()
    banner = "A new platform prompt came with an upgrade and waits to be published."
    for address in (
        reverse("admin:prompts_business_changelist"),
        reverse("admin:prompts_business_change", args=[business.pk]),
    ):
        assert banner in staff.get(address).text
    form = staff.get(f"{page()}?shipped").context["form"]
    assert form["text"].value() == "A better universal text."
    words = {name: form[name].value() for name in ("text", "note", "base", "apply")}
    staff.post(page(), words)
    assert universal().current.text == "A better universal text."  # type: ignore[union-attr]
    assert banner not in staff.get(reverse("admin:prompts_business_changelist")).text


def test_faults_and_a_stale_base_keep_what_was_typed(staff: Client) -> None:
    words = {"text": "Hello {{ website }}", "note": "", "base": "1", "apply": "live"}
    errors = staff.post(page(), words).context["form"].errors
    assert set(errors) == {"text", "note"}
    words = {"text": "Mine.", "note": "Why", "base": "7", "apply": "live"}
    response = staff.post(page(), words)
    assert "Somebody else published v1 meanwhile" in str(response.context["form"].errors["text"])
    assert response.context["form"]["text"].value() == "Mine."
