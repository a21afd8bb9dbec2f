"""How the media socket of a call is let in."""

from datetime import datetime
from uuid import UUID

from calls.domain.answers import Admission
from calls.domain.callers import caller_number
from calls.models import Call
from calls.models.choices import CallStatus
from calls.services.tokens import digest_of
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started


def consume_token(token: str, now: datetime, worker_id: UUID | None = None) -> Admission | None:
    """Let the holder of a token in, once; ``None`` for one unknown, expired, used or replaced.

    ``worker_id`` names the process that carries the call from now on.
    """
    digest = digest_of(token)
    consumed = Call.objects.filter(
        token_hash=digest,
        token_used_at__isnull=True,
        token_expires_at__gt=now,
        status=CallStatus.RECEIVED,
    ).update(token_used_at=now, worker_id=worker_id)
    if not consumed:
        return None
    call = Call.objects.filter(token_hash=digest).first()
    return _admission(call) if call else None


def _admission(call: Call) -> Admission | None:
    """What the token of ``call`` lets in; only a call that was answered has all of it."""
    if (
        call.business_id is None
        or call.started_revision is None
        or call.started_platform_revision is None
    ):
        return None
    return Admission(
        call_id=call.pk,
        call_sid=call.sid,
        account_sid=call.account_sid,
        business_id=call.business_id,
        direction=Direction(call.direction),
        started=Started(
            revision=call.started_revision, platform_revision=call.started_platform_revision
        ),
        began_at=call.started_at,
        caller=caller_number(
            Direction(call.direction), from_number=call.from_number, to_number=call.to_number
        ),
    )


def mark_connected(call_id: int, at: datetime, stream_sid: str = "") -> bool:
    """The media socket has proved that it is this call's; ``False`` when the call is over."""
    changed = Call.objects.filter(pk=call_id, status=CallStatus.RECEIVED).update(
        status=CallStatus.CONNECTED, connected_at=at, stream_sid=stream_sid[:34]
    )
    return bool(changed)
