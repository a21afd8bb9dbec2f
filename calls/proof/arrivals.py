"""What became of a change in each call that was going on when it was made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from calls import selectors
from calls.domain.records import Result
from calls.models import Call, Receipt
from prompts.domain.kinds import Apply, Direction, Layer
from prompts.models import Release, Revision

CONFIRMED = frozenset(
    {
        Result.ACKNOWLEDGED.value,
        Result.ACKNOWLEDGED_UNSEEN.value,
        Result.ACKNOWLEDGED_LATE.value,
        Result.UNCHANGED.value,
    }
)
IN_FORCE = CONFIRMED | {Result.HELD.value}  # results that tell which words a call stands under
WAITING = "waiting"
# Longer than any call may last: one that began earlier was over by then.
LONGEST = timedelta(hours=2)
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A revision as calls meet it: of one business, or of the platform and so of every one."""

    business_id: int | None
    revision: int  # the business's own, or the platform's
    committed_at: datetime
    directions: tuple[Direction, ...] = tuple(Direction)
    version_id: int | None = None  # of the business's words, where it put others in force
    apply: Apply = Apply.LIVE
    is_past: bool = False  # the slot that it moved has another version by now


@dataclass(frozen=True, slots=True)
class Arrival:
    """A change in one call: a receipt's result, or ``waiting``."""

    call: Call  # with `still_on`, the version before the change
    result: str
    receipt: Receipt | None = None
    milliseconds: int | None = None  # from the commit to the acknowledgement


def change_of_revision(revision: Revision) -> Change:
    """A change that moved no slot, such as one of settings."""
    return Change(revision.business_id, revision.number, revision.created_at)


def change_of_release(release: Release) -> Change:
    """A move of a slot as calls meet it; the slot comes with the release."""
    slot = release.prompt
    return Change(
        business_id=slot.business_id,
        revision=release.revision,
        committed_at=_committed_at(slot.business_id, release.revision) or release.created_at,
        directions=(Direction(slot.direction),) if slot.direction else tuple(Direction),
        version_id=release.to_version_id if slot.layer == Layer.BUSINESS else None,
        apply=Apply(release.apply),
        is_past=slot.current_id != release.to_version_id,
    )


def _committed_at(business_id: int | None, revision: int) -> datetime | None:
    found = Revision.objects.filter(business=business_id, number=revision)
    return found.values_list("created_at", flat=True).first()


def arrivals(change: Change, now: datetime) -> tuple[Arrival, ...]:
    """Each of these calls, in the order in which they came; three queries."""
    calls = list(_calls_then(change, now))
    receipts = _receipts(change, calls)
    return tuple(_arrival(change, call, receipts.get(call.pk, [])) for call in calls)


def _calls_then(change: Change, now: datetime) -> QuerySet[Call]:
    """The calls that were talking when the change was made, and began under an older revision."""
    live = selectors.live_calls(now).filter(ended_at__isnull=True).values("pk")
    earliest = change.committed_at - LONGEST
    before = Receipt.objects.filter(
        call=OuterRef("pk"), revision__lt=OuterRef("changed_by"), result__in=IN_FORCE
    )
    return (
        _begun_before(change)
        .filter(direction__in=[one.value for one in change.directions])
        .filter(started_at__range=(earliest, change.committed_at + CLOCKS_DIFFER))
        .filter(connected_at__lte=now)
        .filter(Q(pk__in=live) | Q(ended_at__gte=change.committed_at))
        .annotate(still_on=Subquery(before.order_by("-revision").values("version")[:1]))
        .prefetch_related("business")
        .defer("settings")
        .order_by("pk")
    )


def _begun_before(change: Change) -> QuerySet[Call]:
    """The calls that began under an older clock, with their business's revision for the change."""
    if change.business_id is not None:
        calls = Call.objects.filter(
            business=change.business_id, started_revision__lt=change.revision
        )
        return calls.annotate(changed_by=Value(change.revision, IntegerField()))
    return Call.objects.filter(
        business__revisions__platform_revision=change.revision,
        started_platform_revision__lt=change.revision,
    ).annotate(changed_by=F("business__revisions__number"))


def _receipts(change: Change, calls: Iterable[Call]) -> dict[int, list[Receipt]]:
    """The receipts of these calls for the change and for those after it, oldest first.

    The words may be sent again by hand at any time; what came first is what became of the change.
    """
    changed_by = {call.pk: call.changed_by for call in calls}  # type: ignore[attr-defined]  # annotated
    least = min(changed_by.values(), default=0)
    rows = Receipt.objects.filter(call__in=changed_by, revision__gte=least)
    found: dict[int, list[Receipt]] = {}
    heard, answered = (F(name).asc(nulls_first=True) for name in ("received_at", "acknowledged_at"))
    for receipt in rows.order_by("call", "revision", heard, answered):
        if receipt.revision >= changed_by[receipt.call_id]:
            found.setdefault(receipt.call_id, []).append(receipt)
    return found


def _arrival(change: Change, call: Call, receipts: Sequence[Receipt]) -> Arrival:
    """A newer revision that arrived has brought this one along, or passed it by."""
    own = [one for one in receipts if one.revision == call.changed_by]  # type: ignore[attr-defined]  # annotated
    if change.apply is Apply.NEW_CALLS:  # by rule, whatever comes later
        return Arrival(call, Result.HELD.value, next(iter(own), None))
    settled = [one for one in receipts if one.result != Result.SUPERSEDED]
    arrived = next((one for one in settled if one.result in IN_FORCE), None)
    if arrived is not None:
        return _arrived(change, call, arrived, is_own=arrived in own)
    if settled:
        return Arrival(call, settled[0].result, settled[0])
    return Arrival(call, Result.CALL_ENDED.value if call.ended_at else WAITING)


def _arrived(change: Change, call: Call, receipt: Receipt, *, is_own: bool) -> Arrival:
    result = receipt.result
    if not is_own and change.version_id not in (None, receipt.prompt_version_id):
        result = Result.SUPERSEDED.value
    elif not is_own and result == Result.HELD:  # it holds what this change had brought
        result = Result.UNCHANGED.value
    if result not in CONFIRMED or receipt.acknowledged_at is None:
        return Arrival(call, result, receipt)
    waited = receipt.acknowledged_at - change.committed_at
    return Arrival(call, result, receipt, max(0, round(waited.total_seconds() * 1000)))
