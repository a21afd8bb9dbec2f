"""What calls read from the database."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from calls.groups import Refresh
from calls.models import Call, CallTag, Tag, Turn, WebhookRefusal
from calls.models.call import OPEN_STATUSES
from calls.models.choices import CallStatus
from prompts.domain.kinds import Channel, Direction
from prompts.models import Business, PhoneNumber, PromptVersion

GRACE = timedelta(seconds=60)
# A worker that never wrote its row is judged from the moment it let the call in.
LAST_SIGN = Coalesce("worker__seen_at", "token_used_at")
SILENT_AFTER = timedelta(seconds=15)  # without a sign a worker counts as gone
TAGS_OFFERED = 300


def never_connected(now: datetime) -> Iterable[int]:
    """The open calls whose token ran out a while ago, and no media socket ever came with it."""
    calls = Call.objects.filter(
        status__in=OPEN_STATUSES, token_used_at__isnull=True, token_expires_at__lt=now - GRACE
    )
    # In no order: in that of time SQLite would hop from row to row through all calls.
    return calls.order_by().values_list("pk", flat=True)


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

    A call older than the longest call allowed, or whose worker is silent, has lost its process
    and holds no place.
    """
    oldest = now - timedelta(seconds=settings.MAX_CALL_SECONDS) - GRACE
    admitted = Q(status=CallStatus.CONNECTED) | Q(token_used_at__isnull=False)
    return Call.objects.annotate(last_sign=LAST_SIGN).filter(
        admitted | Q(token_expires_at__gt=now),
        Q(worker__isnull=True) | Q(last_sign__gte=now - SILENT_AFTER),
        status__in=OPEN_STATUSES,
        started_at__gt=oldest,
    )


def abandoned_calls(now: datetime) -> Iterable[tuple[int, UUID, datetime]]:
    """The open calls whose worker is silent, with that worker and its last sign."""
    return (
        Call.objects.annotate(last_sign=LAST_SIGN)
        .filter(worker__isnull=False, last_sign__lt=now - SILENT_AFTER, status__in=OPEN_STATUSES)
        .order_by()
        .values_list("pk", "worker_id", "last_sign")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database knows of the businesses with live calls: all that a reconcile asks."""

    revisions: Mapping[int, int]
    asked: Collection[Refresh] = ()  # and not taken up yet

    def requests(self) -> Iterator[tuple[Refresh, frozenset[str]]]:
        """What was asked of several calls at once, as one, with the SIDs of those calls."""
        sids: dict[Refresh, set[str]] = {}
        for one in self.asked:
            sids.setdefault(replace(one, call_sid=""), set()).add(one.call_sid)
        for request, named in sids.items():
            yield request, frozenset(named)


def standing(business_ids: Collection[int]) -> Standing:
    """The revisions, and the refreshes asked for: one query."""
    asked = FilteredRelation(
        "calls",
        condition=Q(calls__refresh_id__isnull=False, calls__status=CallStatus.CONNECTED),
    )
    rows = list(
        Business.objects.filter(pk__in=business_ids)
        .annotate(asked=asked)
        .values_list("pk", "revision", "asked__sid", "asked__refresh_id", "asked__refresh_force")
    )
    return Standing(
        revisions={row[0]: row[1] for row in rows},
        asked=[
            Refresh(request_id, business_id, sid, force=force)
            for business_id, _revision, sid, request_id, force in rows
            if request_id is not None
        ],
    )


def calls_of(business_id: int) -> QuerySet[Call]:
    """The calls of a business, the newest first."""
    return Call.objects.filter(business_id=business_id)


def calls_at(business_id: int, at: datetime) -> QuerySet[Call]:
    """The calls of a business that went on at a moment, the newest first.

    ``version_then`` is the version of the last answer up to it, or the one that the call began
    under.
    """
    answers = Turn.objects.filter(call=OuterRef("pk"), started_at__lte=at, version__isnull=False)
    last = Subquery(answers.order_by("-position").values("version")[:1])
    return (
        calls_of(business_id)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=at), started_at__lte=at)
        .annotate(version_then=Coalesce(last, "version"))
        .order_by("-started_at", "-pk")
    )


def calls_with(business_id: int, number: str) -> QuerySet[Call]:
    """The calls of a business whose other end was this number."""
    other_end = Q(direction=Direction.INBOUND.value, from_number=number) | Q(
        direction=Direction.OUTBOUND.value, to_number=number
    )
    return calls_of(business_id).filter(other_end)


def tags_by_call(call_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of these calls in the order of their words; one query."""
    found: dict[int, list[str]] = {}
    marks = CallTag.objects.filter(call__in=call_ids).order_by("tag__key")
    for call_id, word in marks.values_list("call_id", "tag__word"):
        found.setdefault(call_id, []).append(word)
    return found


def tags_known(tags: QuerySet[Tag]) -> list[str]:
    """Tags to offer while somebody types one, each once; one query."""
    found = tags.order_by("key").values_list("key", "word")[:TAGS_OFFERED]
    return list(dict(found).values())


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


def calls_served(
    business_id: int, direction: Direction, versions: Collection[int]
) -> dict[int, int]:
    """How many calls of a direction began under each of these versions, or were answered so."""
    begun = Call.objects.filter(
        business_id=business_id, direction=direction.value, version__in=versions
    )
    # A call whose answer stands under the version that it began under is among those above.
    later = Turn.objects.filter(
        prompt_version__in=PromptVersion.objects.filter(
            prompt__business=business_id,
            prompt__direction=direction.value,
            prompt__channel=Channel.CALLS.value,
            number__in=versions,
        ).values("pk")
    ).exclude(call__version=F("version"))
    counts = Counter(
        dict(begun.order_by().values_list("version").annotate(calls=Count("pk")))
    ) + Counter(
        dict(later.order_by().values_list("version").annotate(calls=Count("call", distinct=True)))
    )
    return {version: count for version, count in counts.items() if version is not None}
