"""Changing how a business's agent listens and speaks, and whether it takes calls."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.forms.models import model_to_dict

from prompts.domain.changes import differences
from prompts.models import Business, BusinessSettings

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
        setattr(kept, name, value)
    kept.full_clean()
    was, now = differences(before, model_to_dict(kept, FIELDS))
    if now:
        kept.save()
        raise_revision(locked, "settings")
        change = Change(action, kept, was, now)
        record(locked, change, actor=actor, reason=reason)
    return kept
