"""What staff change at a call: each change is recorded in the chain of the call's business."""

from django.contrib.auth.models import User

from calls.models import Call
from prompts.domain.changes import Values
from prompts.models import Business, Platform
from prompts.services.audit import Change, name_of, record
from prompts.services.revision import lock_business, lock_platform

__all__ = ["Owner", "lock_owner", "name_of", "record_change"]

Owner = Business | Platform


def lock_owner(call: Call) -> Owner:
    """Whose chain it is, held until the transaction ends; of an unknown business, the platform's.

    All changes of one call wait for each other here.
    """
    return lock_business(call.business) if call.business else lock_platform()


def record_change(
    owner: Owner, call: Call, action: str, before: Values, after: Values, *, actor: User | None
) -> None:
    """Add the entry of a change; it stays for ever, so it says nothing that was written."""
    change = Change(action, call, before, {"call": call.sid, **after})
    record(owner, change, actor=actor)
