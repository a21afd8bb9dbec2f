"""Changing how a business's agent listens and speaks, and whether it takes calls."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from prompts.domain.changes import Values, differences
from prompts.domain.text import canonical
from prompts.models import Business, BusinessSettings, PhoneNumber
from prompts.sentences import Sentence

from .audit import Change, record, require_reason
from .revision import lock_business, raise_revision

FIELDS = tuple(one.name for one in BusinessSettings._meta.fields if one.name != "business")


def change_settings(
    *,
    business: Business,
    changes: Mapping[str, object],
    actor: User | None,
    reason: str,
) -> BusinessSettings:
    """Save ``changes`` (field name to value); the calls of the business follow.

    Wrong values are a `ValidationError` by field; values that stand already change nothing.
    """
    return _change(business, changes, actor, reason, action="settings.changed")


def pause(*, business: Business, actor: User | None, reason: str) -> BusinessSettings:
    """Let callers hear the fallback instead of the agent, from the next call on."""
    return _change(business, {"paused": True}, actor, reason, action="agent.paused")


def resume(*, business: Business, actor: User | None, reason: str) -> BusinessSettings:
    """Let the agent take calls again."""
    return _change(business, {"paused": False}, actor, reason, action="agent.resumed")


@transaction.atomic
def _change(
    business: Business, changes: Mapping[str, object], actor: User | None, reason: str, action: str
) -> BusinessSettings:
    """Save and record what differs, if anything does."""
    require_reason(reason)
    unknown = [name for name in changes if name not in FIELDS]
    if unknown:
        raise ValueError(f"There is no setting named {', '.join(unknown)}.")
    locked = lock_business(business)
    kept = BusinessSettings.objects.get(business=locked)
    before = model_to_dict(kept, FIELDS)
    for name, value in changes.items():
        setattr(kept, name, canonical(value).strip() if isinstance(value, str) else value)
    kept.full_clean()
    was, now = differences(before, model_to_dict(kept, FIELDS))
    _refuse_dead_ends(now)
    if now:
        kept.save()
        raise_revision(locked, "settings")
        change = Change(action, kept, was, now)
        record(locked, change, actor=actor, reason=reason)
    return kept


def _refuse_dead_ends(new: Values) -> None:
    """Raise an error on new values that other rows or this server would undo."""
    faults: dict[str, list[str]] = {}
    number, seconds = new.get("fallback_number"), new.get("max_call_seconds")
    if number and PhoneNumber.objects.filter(number=number).exists():
        sentence = _(
            "An agent answers %(number)s, so callers would come back to it. "
            "Write the number of a person."
        )
        faults["fallback_number"] = [Sentence.of(sentence, number=number)]
    if isinstance(seconds, int) and seconds > settings.MAX_CALL_SECONDS:
        sentence = _(
            "This server ends every call after %(limit)d seconds. "
            "Write at most %(limit)d, or leave it empty."
        )
        faults["max_call_seconds"] = [sentence % {"limit": settings.MAX_CALL_SECONDS}]
    if faults:
        raise ValidationError(faults)
