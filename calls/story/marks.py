"""When each change was made, heard of, sent and settled in a call, told from its receipts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from calls.domain.records import Result, Route
from calls.models import Call, Receipt
from calls.story.changes import Change
from calls.story.log import Log


class Step(StrEnum):
    """One thing that happened between the lines of a call."""

    MADE = "made"
    RECEIVED = "received"
    SENT = "sent"
    SENT_AGAIN = "sent_again"
    SETTLED = "settled"  # the receipt's result
    MODEL_LOST = "model_lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Mark:
    """A step at its moment; those of a change have its receipt."""

    at: datetime
    step: Step
    receipt: Receipt | None = None
    change: Change | None = None
    is_again: bool = False  # a person asked for words that the call had been told of


def marks_of_receipt(
    call: Call, receipt: Receipt, change: Change | None, log: Log, *, is_first: bool
) -> Iterator[Mark]:
    """The way of one change through a call, as far as it is known.

    A change was made once, however many receipts of it follow the first.
    """
    is_made_here = is_first and receipt.route != Route.START
    is_again = receipt.route == Route.MANUAL and not is_first
    moments = [
        (Step.MADE, receipt.committed_at if is_made_here else None),
        (Step.RECEIVED, receipt.received_at),
        (Step.SENT, receipt.sent_at),
        (Step.SENT_AGAIN, _sent_again(receipt, log)),
        (Step.SETTLED, _settled(call, receipt, log)),
    ]
    for step, at in moments:
        if at is not None:
            yield Mark(at, step, receipt, change, is_again)


def marks_of_log(log: Log) -> Iterator[Mark]:
    """What belongs to no change."""
    for entry in log.of("model.lost"):
        yield Mark(log.at(entry), Step.MODEL_LOST)


def _sent_again(receipt: Receipt, log: Log) -> datetime | None:
    """The second sending of the same words, three seconds after the first."""
    if receipt.sent_at is None:
        return None
    for entry in log.of("session.update"):
        is_same = entry.facts["revision"] == receipt.revision
        if is_same and entry.facts["attempt"] > 1 and log.at(entry) > receipt.sent_at:
            return log.at(entry)
    return None


def _settled(call: Call, receipt: Receipt, log: Log) -> datetime | None:
    """When its result was known."""
    known = receipt.sent_at or receipt.received_at or receipt.committed_at
    match receipt.result:
        case Result.UNVERIFIED:
            return _after(receipt, log, "update.given_up") or known
        case Result.REFUSED:
            return _after(receipt, log, "error") or known
        case Result.CALL_ENDED:
            return call.ended_at or known
        case _result:
            return receipt.acknowledged_at or known


def _after(receipt: Receipt, log: Log, event: str) -> datetime | None:
    """The first such entry after the sending."""
    if receipt.sent_at is None:
        return None
    times = (log.at(entry) for entry in log.of(event))
    return next((at for at in times if at > receipt.sent_at), None)
