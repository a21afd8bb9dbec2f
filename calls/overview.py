"""The calls in progress over all workers, each with what it stands under now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from calls import selectors
from calls.domain.records import Result
from calls.models import Call, Receipt, Turn
from calls.proof.arrivals import IN_FORCE
from prompts.domain.kinds import Channel, Layer
from prompts.models import Business, Prompt

CONFIRMED = (Result.ACKNOWLEDGED, Result.ACKNOWLEDGED_UNSEEN, Result.ACKNOWLEDGED_LATE)
TOKENS = ("input_tokens", "output_tokens", "total_tokens")


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One call in progress: what was said, which words are in force, what came last."""

    call: Call
    turn_count: int
    token_usage: Mapping[str, int]
    revision: int | None
    version: int | None
    fingerprint: str
    held: bool
    receipt: Receipt | None

    def as_data(self) -> dict[str, object]:
        """The call as the API and the commands give it out."""
        call = self.call
        return {
            "id": call.sid,
            "business_id": call.business_id,
            "business": call.business.name if call.business else "",
            "direction": call.direction,
            "status": call.status,
            "started_at": call.started_at,
            "turn_count": self.turn_count,
            "token_usage": dict(self.token_usage),
            "revision": self.revision,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "receipt": receipt_as_data(self.receipt) if self.receipt else None,
        }


def receipt_as_data(receipt: Receipt) -> dict[str, object]:
    """A receipt as the API and the commands give it out."""
    return {
        "id": str(receipt.pk),
        "revision": receipt.revision,
        "version": receipt.version,
        "result": receipt.result,
        "route": receipt.route,
        "hash_sent": receipt.hash_sent,
        "hash_echoed": receipt.hash_echoed,
        "normalised": receipt.normalised,
        "detail": receipt.detail,
        "committed_at": receipt.committed_at,
        "received_at": receipt.received_at,
        "sent_at": receipt.sent_at,
        "acknowledged_at": receipt.acknowledged_at,
    }


def live_calls(
    now: datetime,
    business_id: int | None = None,
    *,
    businesses: QuerySet[Business] | None = None,
) -> list[LiveCall]:
    """The calls in progress, the newest first; three queries however many there are.

    ``businesses`` are those whose calls may be shown; None stands for all.
    """
    found = selectors.live_calls(now)
    if business_id is not None:
        found = found.filter(business_id=business_id)
    if businesses is not None:
        found = found.filter(business__in=businesses)
    calls = list(
        found.select_related("business").annotate(
            last_receipt=_newest(Receipt.objects.all()),
            in_force=_newest(Receipt.objects.filter(result__in=IN_FORCE)),
            confirmed=_newest(Receipt.objects.filter(result__in=CONFIRMED)),
            kept=_newest(Receipt.objects.filter(result=Result.HELD)),
            published=Subquery(_slot_of_a_call().values("current__number")[:1]),
        )
    )
    wanted = [(call.last_receipt, call.in_force, call.confirmed, call.kept) for call in calls]
    receipts = Receipt.objects.in_bulk({one for four in wanted for one in four if one})
    turns = _turns(calls)
    return [
        _state(call, [receipts.get(one) for one in four], turns.get(call.pk, {}))
        for call, four in zip(calls, wanted, strict=True)
    ]


def _newest(receipts: QuerySet[Receipt]) -> Subquery:
    """The last of a call's receipts, which only ever go forward."""
    order = ("-revision", "-received_at", F("acknowledged_at").desc(nulls_last=True))
    return Subquery(receipts.filter(call=OuterRef("pk")).order_by(*order).values("pk")[:1])


def _slot_of_a_call() -> QuerySet[Prompt]:
    """The slot of its business and direction."""
    return Prompt.objects.filter(
        layer=Layer.BUSINESS.value,
        business=OuterRef("business"),
        direction=OuterRef("direction"),
        channel=Channel.CALLS.value,
    )


def _turns(calls: Sequence[Call]) -> dict[int, Mapping[str, Any]]:  # Any: sums or nothing
    sums = {name: Sum(Cast(KT(f"usage__{name}"), IntegerField())) for name in TOKENS}
    rows = (
        Turn.objects.filter(call__in=calls)
        .order_by()
        .values("call_id")
        .annotate(count=Count("pk"), **sums)
    )
    return {row["call_id"]: row for row in rows}


def _state(call: Call, receipts: Sequence[Receipt | None], turns: Mapping[str, Any]) -> LiveCall:
    last, in_force, confirmed, kept = receipts
    revision, version, fingerprint = _standing(call, in_force, confirmed)
    return LiveCall(
        call=call,
        turn_count=turns.get("count") or 0,
        token_usage={name: turns.get(name) or 0 for name in TOKENS},
        revision=revision,
        version=version,
        fingerprint=fingerprint,
        held=_is_held(in_force, kept, call.published),  # type: ignore[attr-defined]  # annotated
        receipt=last,
    )


def _standing(
    call: Call, in_force: Receipt | None, confirmed: Receipt | None
) -> tuple[int | None, int | None, str]:
    """Revision, version and fingerprint, as the receipts tell them; else what it began under.

    A text that is none of ours has neither of the first two.
    """
    if call.foreign_fingerprint:
        return None, None, call.foreign_fingerprint
    fingerprint = (confirmed.hash_sent if confirmed else "") or call.fingerprint
    if in_force is None:
        return call.started_revision, call.version, fingerprint
    return in_force.revision, in_force.version, fingerprint


def _is_held(in_force: Receipt | None, kept: Receipt | None, published: int | None) -> bool:
    """Whether a call keeps its version by choice, also when it took other changes since."""
    if in_force is None or kept is None:
        return False
    is_older = in_force.version == kept.version and in_force.version != published
    return in_force.result == Result.HELD or is_older


def answers_to(request: Mapping[int, UUID]) -> dict[int, Receipt]:
    """The receipts by which calls answered, by call; one that was overtaken points to its heir.

    ``request`` names for each call the receipt that is awaited.
    """
    found: dict[int, Receipt] = {}
    for receipt in Receipt.objects.filter(pk__in=request.values()):
        if receipt.result != Result.SUPERSEDED:
            found[receipt.call_id] = receipt
        elif heir := _heir_of(receipt):
            found[receipt.call_id] = heir
    return found


def _heir_of(overtaken: Receipt) -> Receipt | None:
    later = Receipt.objects.filter(
        call_id=overtaken.call_id, received_at__gte=overtaken.received_at
    ).exclude(result=Result.SUPERSEDED)
    return later.order_by("received_at").last()
