"""What calls read from the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Subquery

from calls.models import Call, WebhookRefusal
from calls.models.call import OPEN_STATUSES
from calls.models.choices import CallStatus
from prompts.models import Business, PhoneNumber

GRACE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """What a webhook must know of a business before its words are read."""

    is_active: bool
    revision: int
    number_owner: int | None  # the business that our number belongs to, where it is known


def front_door(business_id: int, our_number: str) -> FrontDoor | None:
    """The state of a business and the owner of ``our_number``, in one query."""
    owner = PhoneNumber.objects.filter(number=our_number).values("business_id")[:1]
    row = (
        Business.objects.filter(pk=business_id)
        .annotate(number_owner=Subquery(owner))
        .values_list("is_active", "revision", "number_owner")
        .first()
    )
    return FrontDoor(*row) if row else None


def live_calls(now: datetime) -> QuerySet[Call]:
    """The calls that go on, and those whose caller may still open the media socket.

    A call older than the longest call allowed has lost its process and holds no place.
    """
    oldest = now - timedelta(seconds=settings.MAX_CALL_SECONDS) - GRACE
    admitted = Q(status=CallStatus.CONNECTED) | Q(token_used_at__isnull=False)
    return Call.objects.filter(
        admitted | Q(token_expires_at__gt=now), status__in=OPEN_STATUSES, started_at__gt=oldest
    )


def calls_of(business_id: int) -> QuerySet[Call]:
    """The calls of a business, the newest first."""
    return Call.objects.filter(business_id=business_id)


def refusals_of(business_id: int) -> QuerySet[WebhookRefusal]:
    """The refused webhooks of a business that are still kept, the newest first."""
    return WebhookRefusal.objects.filter(business_id=business_id)


def last_webhook_at(business_id: int) -> datetime | None:
    """When a voice webhook of the business last passed the signature check."""
    newest = calls_of(business_id).order_by().aggregate(at=Max("started_at"))
    at: datetime | None = newest["at"]
    return at


def call_by_sid(sid: str) -> Call | None:
    """The call with this SID."""
    return Call.objects.filter(sid=sid).first()
