"""Who may open what: every address of the admin is walked, and refusals are sentences."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from calls.models import Call, WebhookRefusal
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import (
    AuditEntry,
    Business,
    CallerProfile,
    Membership,
    PhoneNumber,
    PromptDraft,
    PromptVersion,
    Release,
    Revision,
)
from prompts.services.draft import NO_DRAFT, Desk, save_draft
from prompts.services.profile import save_profile
from prompts.services.settings import change_settings
from prompts.services.slots import Text
from prompts.services.tokens import TokenRight, create_token
from tests.factories import make_business, make_member, make_number, make_user, publish_text

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
CALL = {"direction": "inbound", "started_at": NOW}
FOR_EVERYBODY = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n"}
NO_PAGES = {None, "view_on_site", "app_list"}  # the catch-all, a redirect, lists of what one may


@pytest.fixture
def business() -> Business:
    business = make_business(number=make_number())
    publish_text(business, "One.")
    publish_text(business, "Two.")
    values = {"preferences": ["Two."]}
    save_profile(
        business=business, number=make_number(), values=values, actor=None, reason="A test"
    )
    save_draft(
        desk=Desk(business, Direction.INBOUND, make_user("writer")),
        words=Text("Two. And three."),
        base=2,
        edition=NO_DRAFT,
    )
    change_settings(business=business, changes={"threshold": 0.7}, actor=None)
    return business


def clerk(client: Client, business: Business | None, *roles: Role) -> Client:
    """A staff user with roles in one business, or with none at all."""
    client.force_login(make_member(business or make_business("Other"), *roles, username="clerk"))
    return client


def addresses(business: Business) -> Iterator[tuple[str, str]]:
    """Every address of the admin by name, each with ids that exist."""
    token = create_token(
        name="Sync", business=business, rights=[TokenRight.READ], days=1, actor=None
    ).row
    values = {
        "pk": business.pk,
        "number_pk": PhoneNumber.objects.get().pk,
        "membership_pk": Membership.objects.create(
            business=business, user=User.objects.create_user("theirs"), role="viewer"
        ).pk,
        "profile_pk": CallerProfile.objects.get().pk,
        "direction": "inbound",
        "number": 1,
        "draft_pk": PromptDraft.objects.get().pk,
        "name": "universal",
        "id": User.objects.create_user("subject").pk,
        "content_type_id": 1,
        "app_label": "prompts",
        "url": "nothing",
    }
    rows = {
        "auth_user": values["id"],
        "prompts_apitoken": token.pk,
        "prompts_auditentry": AuditEntry.objects.latest("pk").pk,
        "calls_call": Call.objects.create(sid="CA1", business=business, **CALL).pk,
        "calls_webhookrefusal": WebhookRefusal.objects.create(path="/", cause="x", at=NOW).pk,
    }
    changed = Revision.objects.filter(business=business).latest("number")
    for pattern in _flat(admin.site.get_urls()):
        if pattern.name in NO_PAGES:
            continue
        names = pattern.pattern.converters or pattern.pattern.regex.groupindex  # type: ignore[union-attr]
        model = (pattern.name or "").rpartition("_")[0]
        given = {name: rows.get(model) if name == "object_id" else values[name] for name in names}
        if pattern.name == "prompts_promptversion_text":
            given["pk"] = PromptVersion.objects.filter(prompt__business=business)[0].pk
        if model == "prompts_revision":
            given["pk"] = changed.pk
        if model == "prompts_release":
            given["pk"] = Release.objects.filter(prompt__business=business)[0].pk
        if pattern.name == "prompts_apitoken_revoke":
            given["pk"] = token.pk
        yield pattern.name or "", reverse(f"admin:{pattern.name}", kwargs=given)


def _flat(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


def test_a_stranger_is_sent_to_the_login_by_every_page(client: Client, business: Business) -> None:
    for name, address in addresses(business):
        if name in {"login", "logout"}:
            continue
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response["Location"].startswith("/admin/login/"), address


def test_staff_without_roles_are_refused_by_every_page(client: Client, business: Business) -> None:
    staff, pages = clerk(client, None), list(addresses(business))
    before = AuditEntry.objects.count()
    for name, address in pages:
        if name in FOR_EVERYBODY:
            continue
        for response in (staff.get(address), staff.post(address)):
            assert "Two." not in response.text
            if name == "autocomplete" and response.status_code == 405:
                continue
            assert response.status_code in {403, 404}, address
            assert "You may not open this page" in response.text or response.status_code == 404
    assert AuditEntry.objects.count() == before


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


def test_a_business_page_offers_only_the_doors_that_open(
    client: Client, business: Business
) -> None:
    staff = clerk(client, business, Role.VIEWER)
    page = staff.get(reverse("admin:prompts_business_change", args=[business.pk]))
    doors = ["Prompts", "Settings", "Phone numbers", "Opening hours"]
    assert [door.label for door in page.context["doors"]] == doors


def test_platform_prompts_are_for_superusers_whatever_roles_others_have(
    client: Client, business: Business
) -> None:
    staff = clerk(client, business, *Role)
    platform_text = PromptVersion.objects.filter(prompt__business=None)[0]
    for name, arguments in (
        ("prompts_platform_changelist", []),
        ("prompts_platform_prompt", ["universal"]),
        ("prompts_promptversion_text", [platform_text.pk]),
    ):
        response = staff.get(reverse(f"admin:{name}", args=arguments))
        assert response.status_code == 403
        assert "only superusers" in response.text


def test_pages_carry_no_inline_script_and_no_inline_style(
    admin_client: Client, business: Business
) -> None:
    for name, address in addresses(business):
        if not name.startswith(("prompts_", "calls_")):
            continue
        text = admin_client.get(address).text
        assert "<style" not in text, address
        assert ' style="' not in text, address
        assert ' onclick="' not in text, address
        assert "<script>" not in text, address


def test_a_lost_security_mark_and_a_lost_page_are_told_in_sentences(business: Business) -> None:
    careful = Client(enforce_csrf_checks=True)
    refused = careful.post(reverse("admin:login"), {"username": "x", "password": "y"})
    assert refused.status_code == 403
    assert "Nothing was changed." in refused.text
    missing = careful.get("/nowhere")
    assert missing.status_code == 404
    assert "There is no such page" in missing.text
