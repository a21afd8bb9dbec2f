"""Whatever the audit may hold is told in the words of staff, in their language."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from prompts.admin.audit.words import THINGS
from prompts.admin.values import NAMES, value_name, value_words
from prompts.domain.agent import VOICES
from prompts.domain.hours import KEYS
from prompts.domain.kinds import Apply
from prompts.domain.roles import Role
from prompts.models import AuditEntry
from prompts.services import accounts, business, hours, settings
from prompts.services.hours import change_hours
from prompts.services.settings import change_settings
from prompts.services.tokens import TokenRight, create_token
from tests.factories import make_business, make_member, make_user

FIELDS = {
    "businesssettings": settings.FIELDS,
    "businesshours": hours.FIELDS,
    "business": business.FIELDS,
    "user": (*accounts.FIELDS, *accounts.PRIVATE),
    "phonenumber": ("number",),
    "membership": ("role",),
    "apitoken": ("name", "prefix"),
}
ELSEWHERE = {"user": "auth", "call": "calls"}
SAME_EVERYWHERE = VOICES  # names


def is_translated(english: str, hebrew: str, raw: str) -> bool:
    return hebrew not in (english, raw) and any("א" <= sign <= "ת" for sign in hebrew)


def names() -> Iterator[tuple[str, str]]:
    for kind, fields in FIELDS.items():
        yield from ((kind, name) for name in fields)
    yield from (("prompt", name) for name in NAMES)


@pytest.mark.parametrize(("kind", "name"), list(names()))
def test_every_value_has_a_name_in_both_languages(kind: str, name: str) -> None:
    with override("en"):
        english = value_name(kind, name)
    with override("he"):
        hebrew = value_name(kind, name)
    assert english != name or kind == "apitoken"
    assert is_translated(english, hebrew, name)


def choices() -> Iterator[tuple[str, str, object]]:
    """Everything of a closed kind that may stand in an entry."""
    for kind in THINGS:
        model = apps.get_model(ELSEWHERE.get(kind, "prompts"), kind)
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.name in FIELDS.get(kind, ()):
                yield from ((kind, field.name, value) for value, _ in field.flatchoices)
    yield from (("prompt", "apply", one.value) for one in Apply)
    yield from (("apitoken", "rights", one.value) for one in TokenRight)
    yield from (("businesshours", "days", {day: "closed"}) for day in KEYS)
    yield from (("user", "rewritten", [name]) for name in accounts.PRIVATE)
    yield from (("membership", "role", one.value) for one in Role)


@pytest.mark.parametrize(("kind", "name", "value"), list(choices()))
def test_every_choice_is_told_in_both_languages(kind: str, name: str, value: object) -> None:
    with override("en"):
        english = value_words(kind, name, value)
    with override("he"):
        hebrew = value_words(kind, name, value)
    assert value in SAME_EVERYWHERE or is_translated(english, hebrew, str(value))


def test_what_no_release_of_ours_has_named_keeps_its_name() -> None:
    assert value_name("businesssettings", "mood") == "Mood"
    assert value_words("businesssettings", "mood", "gay") == "gay"
    assert value_words("apitoken", "expires", "some day") == "some day"
    assert (
        value_words("businesshours", "days", {"someday": "09:00-10:00"}) == "someday: 09:00-10:00"
    )


@pytest.mark.django_db
def test_the_pages_of_changes_say_it_in_hebrew(client: Client) -> None:
    shop = make_business()
    client.force_login(make_user("dana"))
    client.cookies["django_language"] = "he"
    change_hours(
        business=shop,
        changes={"days": {"sunday": "09:00-13:00", "friday": "closed"}},
        reason="A test",
        actor=None,
    )
    change_settings(business=shop, changes={"vad": "semantic_vad"}, actor=None, reason="x")
    make_member(shop, Role.PUBLISHER)
    create_token(name="shop", business=shop, rights=[TokenRight.READ], days=9, actor=None)
    texts = {
        entry.action: client.get(
            reverse("admin:prompts_auditentry_change", args=[entry.pk]), follow=True
        ).text
        for entry in AuditEntry.objects.filter(business=shop)
    }
    for words in ("יום ראשון", "09:00-13:00"):
        assert words in texts["hours.changed"]
    assert "sunday" not in texts["hours.changed"]
    assert "(semantic_vad)" in texts["settings.changed"]
    assert '<ins dir="auto">publisher' not in texts["role.given"]
    assert "all_businesses" not in texts["token.created"]
