"""How a call goes on after its media socket."""

from datetime import datetime

from calls import selectors
from calls.domain.answers import Answer, HangUp, PutThrough, Speak
from calls.domain.reasons import EndReason
from calls.models import Call
from calls.models.choices import CallStatus
from calls.services.ending import NEVER_REACHED, end_call
from calls.services.reception import business_fallback
from prompts.domain.kinds import Direction


def answer_stream_ended(
    *, call_sid: str, business_id: int | None, now: datetime, give_up: bool
) -> Answer | None:
    """How a call goes on after its media socket: hang up after a normal end, else the fallback.

    A caller whom the agent puts through is connected to the business's number as it is now.

    ``None`` while the end is not recorded yet, because the live call may be writing it at this
    moment; with ``give_up`` the call is closed and the caller gets the fallback.
    """
    call = selectors.call_by_sid(call_sid)
    if call is None:
        return Speak(business_fallback(business_id, Direction.INBOUND), EndReason.INTERNAL_ERROR)
    if call.is_open:
        if _may_be_ending(call) and not give_up:
            return None
        _end_unexplained(call, now)
        call.refresh_from_db()
    reason = EndReason(call.end_reason)
    if reason.is_normal and reason is not EndReason.TRANSFER:
        return HangUp()
    fallback = business_fallback(call.business_id, Direction(call.direction))
    if reason is EndReason.TRANSFER and fallback.number:
        return PutThrough(fallback.number)
    return Speak(fallback, reason)


def _may_be_ending(call: Call) -> bool:
    """Whether a media socket was let in, whose process may still write the end."""
    return call.status == CallStatus.CONNECTED or call.token_used_at is not None


def _end_unexplained(call: Call, now: datetime) -> None:
    """Close a call whose media socket is gone and whose process left no word."""
    if _may_be_ending(call):
        reason, detail = EndReason.INTERRUPTED, "The media stream ended and nobody recorded why."
    else:
        reason, detail = EndReason.NEVER_CONNECTED, NEVER_REACHED
    end_call(call.pk, reason, detail, now)
