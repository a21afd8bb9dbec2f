"""Changing when a business is open and how appointments are made there."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.forms.models import model_to_dict

from prompts.domain.changes import differences
from prompts.domain.hours import KEYS, format_day, parse_day
from prompts.domain.text import canonical
from prompts.models import Business, BusinessHours

from .audit import Change, record, require_reason
from .revision import lock_business, raise_revision

FIELDS = ("days", "takes_appointments", "appointment_rules")


@transaction.atomic
def change_hours(
    *, business: Business, changes: Mapping[str, object], actor: User | None, reason: str
) -> BusinessHours:
    """Save ``changes`` (field name to value); the calls of the business follow.

    ``days`` holds all weekdays that are known, such as ``{"sunday": "09:00-13:00"}`` or
    ``closed``. Wrong values are a `ValidationError` by field; what stands already changes nothing.
    """
    require_reason(reason)
    if unknown := [name for name in changes if name not in FIELDS]:
        raise ValueError(f"Opening hours have no field named {', '.join(unknown)}.")
    locked = lock_business(business)
    kept = BusinessHours.objects.filter(business=locked).first() or BusinessHours(business=locked)
    before = model_to_dict(kept, FIELDS)
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.full_clean(validate_unique=False)
    kept.days = _tidy(kept.days)
    kept.appointment_rules = canonical(kept.appointment_rules).strip()
    was, now = differences(before, model_to_dict(kept, FIELDS))
    if now:
        kept.save()
        raise_revision(locked, "hours")
        change = Change("hours.changed", kept, was, now)
        record(locked, change, actor=actor, reason=reason)
    return kept


def _tidy(days: Mapping[str, str]) -> dict[str, str]:
    """The known days in the order of the week, each in the one spelling."""
    return {key: format_day(parse_day(days[key])) for key in KEYS if days.get(key, "").strip()}
