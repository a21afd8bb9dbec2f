"""How a call ends: once, with one reason."""

from datetime import datetime

from django.db import transaction

from calls.domain.reasons import EndReason
from calls.models import Call
from calls.models.choices import CallStatus

NEVER_REACHED = "The media stream never reached us."


@transaction.atomic
def end_call(call_id: int, reason: EndReason, detail: str, at: datetime) -> bool:
    """Record why a call ended; the first reason stands, and later ones return ``False``."""
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    return call is not None and close_locked(call, reason, detail, at)


def close_locked(call: Call, reason: EndReason, detail: str, at: datetime) -> bool:
    """Close a locked row."""
    if not call.is_open:
        return False
    call.status = CallStatus.ENDED
    call.end_reason = reason.value
    call.end_detail = detail
    call.ended_at = at
    if call.connected_at and call.duration_seconds is None:
        call.duration_seconds = max(0, int((at - call.connected_at).total_seconds()))
    call.save(update_fields=["status", "end_reason", "end_detail", "ended_at", "duration_seconds"])
    return True
