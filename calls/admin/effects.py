"""What became of a change in each call, in the words of staff."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.domain.records import Result
from calls.models import Receipt
from calls.proof.arrivals import WAITING, Arrival, Change
from calls.proof.confirmations import confirmation
from prompts.admin.window import CallEffect, Effect, Mark, Proof

MARKS = {
    WAITING: Mark.WAITS,
    Result.REFUSED: Mark.WRONG,
    Result.UNVERIFIED: Mark.WRONG,
    Result.HELD: Mark.QUIET,
    Result.SUPERSEDED: Mark.QUIET,
    Result.CALL_ENDED: Mark.QUIET,
}

NUMBERED = {
    WAITING: gettext_lazy("Not confirmed yet, still on v%(number)d"),
    Result.REFUSED: gettext_lazy("Refused by the voice service, still on v%(number)d"),
    Result.UNVERIFIED: gettext_lazy("Not confirmed, still on v%(number)d"),
    Result.HELD: gettext_lazy("Kept on v%(number)d by choice"),
}
UNNUMBERED = {
    WAITING: gettext_lazy("Not confirmed yet, still as it was"),
    Result.REFUSED: gettext_lazy("Refused by the voice service, still as it was"),
    Result.UNVERIFIED: gettext_lazy("Not confirmed, still as it was"),
    Result.HELD: gettext_lazy("Kept as it was by choice"),
}


def effect(change: Change, now: datetime) -> Effect:
    """The sentence of a change, and a row for each call."""
    found = confirmation(change, now)
    return Effect(
        sentence=found.sentence,
        is_final=found.is_settled,
        calls=[_in_call(change, one) for one in found.calls],
    )


def _in_call(change: Change, arrival: Arrival) -> CallEffect:
    call = arrival.call
    return CallEffect(
        began_at=call.started_at,
        business=str(call.business),
        url=reverse("admin:calls_call_change", args=[call.pk]),
        mark=MARKS.get(arrival.result, Mark.GOOD),
        sentence=_sentence(change, arrival),
        milliseconds=arrival.milliseconds,
        proof=_proof(arrival.receipt) if arrival.receipt else None,
    )


def _sentence(change: Change, arrival: Arrival) -> str:
    """What staff read of one call."""
    match arrival.result:
        case Result.UNCHANGED:
            return _("Had it already, nothing to change")
        case Result.SUPERSEDED:
            newer = arrival.receipt.version if arrival.receipt else None
            return _("Superseded by a newer version, v%(number)d") % {"number": newer or 0}
        case Result.CALL_ENDED:
            return _("Ended before")
        case Result.ACKNOWLEDGED_LATE:
            return _("Confirmed by the voice service, late")
        case Result.ACKNOWLEDGED | Result.ACKNOWLEDGED_UNSEEN:
            return _("Confirmed by the voice service")
        case _result:
            return _without(change, arrival)


def _without(change: Change, arrival: Arrival) -> str:
    """What staff read of a call that has not got it; only the business's words have versions."""
    number = arrival.call.still_on or arrival.call.version  # type: ignore[attr-defined]  # annotated
    if change.version_id is None or not number:
        return str(UNNUMBERED[arrival.result])
    return str(NUMBERED[arrival.result]) % {"number": number}


def _proof(receipt: Receipt) -> Proof:
    return Proof(
        result=receipt.result,
        route=receipt.route,
        revision=receipt.revision,
        committed_at=receipt.committed_at,
        received_at=receipt.received_at,
        sent_at=receipt.sent_at,
        acknowledged_at=receipt.acknowledged_at,
        hash_sent=receipt.hash_sent,
        hash_echoed=receipt.hash_echoed,
        detail=receipt.detail,
    )
