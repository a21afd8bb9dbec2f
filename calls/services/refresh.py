"""The trace of a refresh that a person asked for, until the worker of the call takes it up."""

from collections.abc import Collection
from uuid import UUID

from calls.models import Call
from calls.models.choices import CallStatus


def ask_refresh(call_ids: Collection[int], *, request_id: UUID, force: bool) -> int:
    """Leave word with calls in progress; the newest request of a call stands."""
    return Call.objects.filter(pk__in=call_ids, status=CallStatus.CONNECTED).update(
        refresh_id=request_id, refresh_force=force
    )


def take_refresh(call_id: int, request_id: UUID) -> None:
    """The worker has taken the request up; a newer one stays."""
    Call.objects.filter(pk=call_id, refresh_id=request_id).update(
        refresh_id=None, refresh_force=False
    )
