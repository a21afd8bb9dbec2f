"""Reading what was in force at a moment of the past or after a change, and what came around it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict

from prompts.domain.history import rewind
from prompts.domain.kinds import Channel, Direction, Layer
from prompts.models import (
    AuditEntry,
    Business,
    BusinessHours,
    BusinessSettings,
    Prompt,
    Release,
)

NUMBERS = "phonenumber"
KINDS = ("businesssettings", "businesshours", "business", NUMBERS)
NOW = 2**63 - 1  # after the last entry, whichever it is
State = dict[str, dict[str, Any]]  # by kind of row, then by field


@dataclass(frozen=True, slots=True)
class Standing:
    """The release that new calls of a slot followed at a moment, and the one that ended it."""

    release: Release | None
    following: Release | None


@dataclass(frozen=True, slots=True)
class Values:
    """One group of settings as it stood, with the changes on both sides of the moment."""

    object_type: str
    values: dict[str, Any]
    last: AuditEntry | None
    following: AuditEntry | None


def prompts_at(business: Business, at: datetime) -> dict[Direction, Standing]:
    """What calls in each direction that began at this moment were spoken under."""
    own = Prompt.objects.filter(
        layer=Layer.BUSINESS.value, business=business, channel=Channel.CALLS.value
    )
    found = {Direction(slot.direction): slot for slot in own}
    return {one: _standing(found.get(one), at) for one in Direction}


def platform_at(at: datetime) -> list[tuple[Prompt, Standing]]:
    """The same for the prompts that stand in every business's calls."""
    slots = Prompt.objects.filter(business=None).order_by("pk")
    return [(slot, _standing(slot, at)) for slot in slots]


def began_at(business: Business) -> datetime:
    """When the business was added."""
    return AuditEntry.objects.filter(business=business).earliest("number").at


def settings_at(business: Business, at: datetime) -> list[Values]:
    """Settings, hours, details and phone numbers as they stood.

    They are today's, with each later change undone; the audit names what it replaced.
    """
    later = list(settings_changes(business).filter(at__gt=at))
    state = _undone(_today(business), later)
    return [Values(kind, state[kind], *_around(business, kind, at, later)) for kind in KINDS]


def settings_changes(business: Business) -> QuerySet[AuditEntry]:
    """Every change of settings, hours, details and phone numbers, the newest first."""
    return AuditEntry.objects.filter(business=business, object_type__in=KINDS).order_by("-number")


def settings_after(business: Business, *numbers: int) -> list[State]:
    """The values as they stood after each of these entries, read once for all of them."""
    today = _today(business)
    later = list(settings_changes(business).filter(number__gt=min(numbers)))
    return [_undone(today, [one for one in later if one.number > number]) for number in numbers]


def _today(business: Business) -> State:
    """The values that stand now."""
    kept: dict[str, Model] = {
        "businesssettings": BusinessSettings.objects.get(business=business),
        "businesshours": BusinessHours.objects.filter(business=business).first() or BusinessHours(),
        "business": business,
    }
    numbers = list(business.phone_numbers.values_list("number", flat=True))
    return {**{kind: _values_of(row) for kind, row in kept.items()}, NUMBERS: {"number": numbers}}


def _undone(today: State, later: list[AuditEntry]) -> State:
    """The values before these changes, of which the newest comes first."""
    then = {kind: _rewound(values, _of(later, kind)) for kind, values in today.items()}
    return then | {NUMBERS: {"number": _numbers(today[NUMBERS]["number"], _of(later, NUMBERS))}}


def _numbers(today: list[str], later: list[AuditEntry]) -> list[str]:
    """The phone numbers before these changes."""
    numbers = set(today)
    for entry in later:
        numbers -= set(json.loads(entry.after).values())
        numbers |= set(json.loads(entry.before).values())
    return sorted(numbers)


def _standing(slot: Prompt | None, at: datetime) -> Standing:
    releases = Release.objects.filter(prompt=slot).select_related("to_version", "from_version")
    last = releases.filter(created_at__lte=at).order_by("-pk").first()
    return Standing(last, releases.filter(created_at__gt=at).order_by("pk").first())


def _values_of(row: Model) -> dict[str, Any]:
    """The values that people change."""
    editable = [field.name for field in row._meta.local_fields if field.editable]
    values = model_to_dict(row, editable)
    return {name: value for name, value in values.items() if name not in ("id", "business")}


def _rewound(values: dict[str, Any], later: list[AuditEntry]) -> dict[str, Any]:
    return rewind(values, (json.loads(entry.before) for entry in later))


def _of(entries: list[AuditEntry], object_type: str) -> list[AuditEntry]:
    return [entry for entry in entries if entry.object_type == object_type]


def _around(
    business: Business, object_type: str, at: datetime, later: list[AuditEntry]
) -> tuple[AuditEntry | None, AuditEntry | None]:
    """The last change up to a moment, and the first one after it."""
    own = AuditEntry.objects.filter(business=business, object_type=object_type, at__lte=at)
    after = _of(later, object_type)
    return own.order_by("-number").first(), after[-1] if after else None
