"""Making businesses, keeping their details, and giving them phone numbers."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from prompts.domain.changes import differences
from prompts.domain.markers import has_marker
from prompts.domain.placeholders import find, render
from prompts.models import Business, BusinessSettings, PhoneNumber
from prompts.selectors import texts_in_use
from prompts.sentences import Sentence

from .audit import Change, record, require_reason
from .revision import lock_business, lock_platform, raise_revision

FIELDS = (
    "name",
    "agent_name",
    "phone",
    "address",
    "website",
    "language",
    "time_zone",
    "is_active",
)


@transaction.atomic
def create_business(
    *, details: Mapping[str, object], actor: User | None, reason: str = "", pk: int | None = None
) -> Business:
    """Make a business with its settings and a chain of its own; its slots start empty.

    ``details`` are fields of `Business`; ``pk`` is for data whose ids are promised elsewhere.
    """
    # Held, so that no platform release passes by a business that is just being made.
    platform = lock_platform()
    _refuse_unknown(details)
    business = Business(pk=pk, platform_revision=platform.revision, **details)
    business.full_clean()
    business.save(force_insert=True)
    BusinessSettings.objects.create(business=business)
    raise_revision(business, "created")
    change = Change("business.created", business, {}, model_to_dict(business, FIELDS))
    record(business, change, actor=actor, reason=reason)
    return business


@transaction.atomic
def change_business(
    *, business: Business, changes: Mapping[str, object], actor: User | None, reason: str
) -> Business:
    """Save ``changes`` to the details; a value that a prompt in force needs cannot be emptied."""
    require_reason(reason)
    _refuse_unknown(changes)
    locked = lock_business(business)
    before = model_to_dict(locked, FIELDS)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.full_clean()
    texts = tuple(texts_in_use(locked))
    _refuse_lost_placeholders(locked, texts)
    _refuse_markers(locked, texts)
    was, now = differences(before, model_to_dict(locked, FIELDS))
    if now:
        locked.save(update_fields=list(now))
        raise_revision(locked, "details")
        change = Change("business.changed", locked, was, now)
        record(locked, change, actor=actor, reason=reason)
    return locked


@transaction.atomic
def add_phone_number(
    *, business: Business, number: str, actor: User | None, reason: str
) -> PhoneNumber:
    """Give the business a number; no other business can have it."""
    require_reason(reason)
    locked = lock_business(business)
    added = PhoneNumber(business=locked, number=number.strip())
    added.full_clean()
    _refuse_fallback(added.number)
    added.save()
    change = Change("number.added", added, {}, {"number": added.number})
    record(locked, change, actor=actor, reason=reason)
    return added


@transaction.atomic
def remove_phone_number(*, number: PhoneNumber, actor: User | None, reason: str) -> None:
    """Take a number away; calls from or to it are then nobody's."""
    require_reason(reason)
    locked = lock_business(number.business)
    change = Change("number.removed", number, {"number": number.number}, {})
    record(locked, change, actor=actor, reason=reason)
    number.delete()


def _refuse_fallback(number: str) -> None:
    """Raise an error where callers are put through to this very number."""
    if BusinessSettings.objects.filter(fallback_number=number).exists():
        sentence = _(
            "Callers are put through to %(number)s when an agent cannot speak, so they would come "
            "back to one. Add another number, or change that fallback number first."
        )
        raise ValidationError({"number": [Sentence.of(sentence, number=number)]})


def _refuse_unknown(details: Iterable[str]) -> None:
    """A programming error: no form offers such a field."""
    unknown = [name for name in details if name not in FIELDS]
    if unknown:
        raise ValueError(f"A business has no field named {', '.join(unknown)}.")


def _refuse_lost_placeholders(business: Business, texts: Iterable[str]) -> None:
    """Raise an error on each empty field that a version some call may follow still uses."""
    empty = {name for name, value in business.placeholders.items() if not value}
    used = {name for text in texts for name in find(text)}
    lost = sorted(empty & used)
    fields = {"business_name": "name", "business_phone": "phone"}
    if lost:
        raise ValidationError(
            {
                fields.get(name, name): [
                    Sentence.of(
                        _("A prompt in force uses {{ %(name)s }}, so this cannot be empty."),
                        name=name,
                    )
                ]
                for name in lost
            }
        )


def _refuse_markers(business: Business, texts: Iterable[str]) -> None:
    """Raise an error when the details would complete a fence between layers in such a text."""
    values = business.placeholders
    if any(has_marker(render(text, values)) for text in texts):
        raise ValidationError(
            _(
                "With these details a prompt in force would hold <<< or >>>, which separate the "
                "layers: leave < and > out of the details."
            )
        )
