"""Writing down who did what, in the transaction of the change itself."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from prompts.domain.changes import Values, canonical_json, link_hash
from prompts.models import AuditEntry, Business, Platform
from prompts.requests import current_client, current_request
from prompts.validation import NOBODY, optional_reason_faults, reason_faults


def name_of(actor: User | None) -> str:
    """The actor as text, which stays when the account goes; a script goes by its token's name."""
    return actor.get_username() if actor else current_client.get() or NOBODY


def require_reason(reason: str) -> None:
    """Raise an error at the reason where somebody changes something and does not say why."""
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one row; ``before`` and ``after`` hold only what differs."""

    action: str
    subject: Model
    before: Values
    after: Values


def record(
    owner: Business | Platform, change: Change, *, actor: User | None, reason: str = ""
) -> AuditEntry:
    """Add an entry to the chain of a locked owner; its row holds the chain's head and length."""
    if faults := optional_reason_faults(reason):
        raise ValidationError({"reason": faults})
    entry = AuditEntry(
        business=owner if isinstance(owner, Business) else None,
        number=owner.audit_count + 1,
        actor=actor,
        actor_name=name_of(actor),
        action=change.action,
        object_type=change.subject._meta.model_name or "",
        object_id=str(change.subject.pk),
        before=canonical_json(change.before),
        after=canonical_json(change.after),
        reason=reason.strip(),
        request_id=current_request.get()[:100],
        at=timezone.now(),
        previous_hash=owner.audit_head,
    )
    entry.hash = link_hash(entry.content, entry.previous_hash)
    entry.save(force_insert=True)
    owner.audit_count, owner.audit_head = entry.number, entry.hash
    owner.save(update_fields=["audit_count", "audit_head"])
    return entry
