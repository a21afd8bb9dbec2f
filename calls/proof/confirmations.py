"""How far a change has come in the calls that were going on when it was made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import selectors
from calls.domain.records import Result
from calls.models import Call, Receipt
from prompts.domain.kinds import Direction
from prompts.models import Release, Revision

CONFIRMED = frozenset(
    {
        Result.ACKNOWLEDGED.value,
        Result.ACKNOWLEDGED_UNSEEN.value,
        Result.ACKNOWLEDGED_LATE.value,
        Result.UNCHANGED.value,
    }
)
WAITING = "waiting"
# The newest revision of each business that this process could not announce.
_unannounced: dict[int | None, int] = {}


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a change in one call: a receipt's result, or ``waiting``."""

    call_sid: str
    result: str
    route: str = ""
    milliseconds: int | None = None  # from the commit to the acknowledgement


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A revision in the calls of one business and one direction."""

    business_id: int
    direction: Direction
    revision: int
    is_unannounced: bool = False
    calls: tuple[Reached, ...] = field(default=())

    def count(self, *results: str) -> int:
        """How many calls have one of these results."""
        return sum(call.result in results for call in self.calls)

    @property
    def confirmed(self) -> int:
        """The calls that certainly have it."""
        return self.count(*CONFIRMED)

    @property
    def slowest(self) -> int | None:
        """The milliseconds of the call that took longest."""
        times = [call.milliseconds for call in self.calls if call.milliseconds is not None]
        return max(times, default=None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be known of it."""
        return not self.count(WAITING)

    @property
    def sentence(self) -> str:
        """What staff read after publishing."""
        if not self.calls:
            return _("Live now. No calls in progress; the next call uses it.")
        if self.is_unannounced and self.count(WAITING) == len(self.calls):
            return _("Live. Calls in progress pick it up within 6 seconds.")
        if self.count(Result.HELD.value) == len(self.calls):
            return ngettext(
                "Live for new calls. %(count)d call in progress keeps its words.",
                "Live for new calls. %(count)d calls in progress keep their words.",
                len(self.calls),
            ) % {"count": len(self.calls)}
        return f"{'; '.join([self._head(), *self._others()])}."

    def _head(self) -> str:
        total, slowest = len(self.calls), self.slowest
        head = ngettext(
            "Confirmed in %(confirmed)d of %(total)d call in progress",
            "Confirmed in %(confirmed)d of %(total)d calls in progress",
            total,
        ) % {"confirmed": self.confirmed, "total": total}
        if slowest is None:
            return head
        return _("%(head)s, slowest %(slowest)d ms") % {"head": head, "slowest": slowest}

    def _others(self) -> list[str]:
        counts = (
            (_("%(count)d ended"), Result.CALL_ENDED.value),
            (_("%(count)d kept on its words by choice"), Result.HELD.value),
            (_("%(count)d refused by the voice service"), Result.REFUSED.value),
            (_("%(count)d not confirmed"), Result.UNVERIFIED.value),
        )
        found = ((words, self.count(result)) for words, result in counts)
        return [words % {"count": count} for words, count in found if count]

    def as_data(self) -> dict[str, object]:
        """The same for a page that polls, and for the API."""
        return {
            "direction": self.direction.value,
            "sentence": self.sentence,
            "settled": self.is_settled,
            "in_progress": len(self.calls),
            "confirmed": self.confirmed,
            "waiting": self.count(WAITING),
            "ended": self.count(Result.CALL_ENDED.value),
            "slowest_ms": self.slowest,
            "calls": [
                {
                    "call_sid": call.call_sid,
                    "result": call.result,
                    "route": call.route,
                    "milliseconds": call.milliseconds,
                }
                for call in self.calls
            ],
        }


def confirmation(
    business_id: int, direction: Direction, revision: int, *, now: datetime
) -> Confirmation:
    """How far a revision has come, in three queries; only calls of this direction count."""
    committed = (
        Revision.objects.filter(business_id=business_id, number=revision)
        .values_list("created_at", flat=True)
        .first()
    )
    calls = list(_calls_then(business_id, direction, revision, committed or now, now))
    receipts = _receipts(calls, revision)
    # Another process may have made the change: a second without any answer says it was not heard.
    is_late = committed is not None and (now - committed).total_seconds() > 1 and not receipts
    unannounced = _unannounced.get(business_id, 0) >= revision or None in _unannounced
    return Confirmation(
        business_id=business_id,
        direction=direction,
        revision=revision,
        is_unannounced=unannounced or is_late,
        calls=tuple(_reached(call, receipts.get(call.pk, [])) for call in calls),
    )


def receipts_for_publisher(business_id: int, revision: int) -> list[dict[str, object]]:
    """What the API answers beside a publish: one entry for each direction that it moved."""
    moved = Release.objects.filter(prompt__business=business_id, revision=revision)
    names = set(moved.values_list("prompt__direction", flat=True))
    directions = [one for one in Direction if one.value in names] or list(Direction)
    now = timezone.now()
    return [confirmation(business_id, one, revision, now=now).as_data() for one in directions]


def not_announced(business_id: int | None, revision: int) -> None:
    """Remember that the channel layer did not take a change; calls find it by asking."""
    _unannounced[business_id] = revision


def announced(business_id: int | None) -> None:
    """The channel layer took a change of this business."""
    _unannounced.pop(business_id, None)


def _calls_then(
    business_id: int, direction: Direction, revision: int, committed: datetime, now: datetime
) -> Iterable[Call]:
    """The calls that were talking when the revision was made, and began under an older one."""
    live = selectors.live_calls(now).filter(ended_at__isnull=True).values("pk")
    return (
        Call.objects.filter(business_id=business_id, direction=direction.value)
        .filter(started_revision__lt=revision, connected_at__isnull=False)
        .filter(Q(pk__in=live) | Q(ended_at__gte=committed))
        .filter(connected_at__lte=now)
        .order_by("pk")
        .only("sid", "ended_at")
    )


def _receipts(calls: Iterable[Call], revision: int) -> dict[int, list[Receipt]]:
    """The receipts of these calls for this revision and those after it, oldest first."""
    found: dict[int, list[Receipt]] = {}
    rows = Receipt.objects.filter(call__in=[call.pk for call in calls], revision__gte=revision)
    for receipt in rows.defer("detail").order_by("call", "revision"):
        found.setdefault(receipt.call_id, []).append(receipt)
    return found


def _reached(call: Call, receipts: list[Receipt]) -> Reached:
    """A newer revision that arrived has brought this one along."""
    settled = [one for one in receipts if one.result != Result.SUPERSEDED]
    arrived = [one for one in settled if one.result in CONFIRMED]
    receipt = next(iter(arrived or settled), None)
    if receipt is None:
        return Reached(call.sid, Result.CALL_ENDED.value if call.ended_at else WAITING)
    return Reached(call.sid, receipt.result, receipt.route, _milliseconds(receipt))


def _milliseconds(receipt: Receipt) -> int | None:
    if receipt.committed_at is None or receipt.acknowledged_at is None:
        return None
    return max(0, round((receipt.acknowledged_at - receipt.committed_at).total_seconds() * 1000))
