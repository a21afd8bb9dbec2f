"""The records of a session as rows: monotonic seconds become times of day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from calls.domain.pages import Page
from calls.domain.records import ReceiptRecord, Stamp, TurnRecord
from calls.models import EventPage, Receipt, Turn

LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment on both clocks, so that the others can be told from it."""

    monotonic: float
    wall: datetime

    def at(self, monotonic: float) -> datetime:
        """The time of day at a moment of the monotonic clock."""
        return self.wall + timedelta(seconds=monotonic - self.monotonic)

    def at_or_none(self, monotonic: float | None) -> datetime | None:
        """The same, for a moment that may not have come."""
        return None if monotonic is None else self.at(monotonic)

    def seconds(self, wall: datetime | None) -> float | None:
        """A time of day as seconds of the monotonic clock."""
        if wall is None:
            return None
        return self.monotonic + (wall - self.wall).total_seconds()


def turn_row(call_id: int, record: TurnRecord, clock: Clock) -> Turn:
    """The row of a turn as far as it is known."""
    stamp = record.stamp
    return Turn(
        id=record.id,
        call_id=call_id,
        position=record.position,
        speaker=record.speaker.value,
        item_id=record.item_id[:LONGEST_ID],
        response_id=record.response_id[:LONGEST_ID],
        text=record.text.replace("\x00", ""),
        heard=record.heard.replace("\x00", ""),
        generated_ms=record.generated_ms,
        heard_ms=record.heard_ms,
        interrupted=record.interrupted,
        status=record.status[:32],
        started_at=clock.at(record.started),
        usage=record.usage,
        **(_stamp(stamp) if stamp else {}),
    )


def _stamp(stamp: Stamp) -> dict[str, object]:
    return {
        "revision": stamp.revision,
        "version": stamp.version or None,
        "prompt_version_id": stamp.version_id,
        "fingerprint": stamp.fingerprint,
        "base_fingerprint": stamp.base_fingerprint,
        "known_by": stamp.known_by.value,
        "next_fingerprint": stamp.next_fingerprint,
    }


def page_row(call_id: int, page: Page) -> EventPage:
    """The row of a page; its id is part of its hash, so that a repeated batch writes it once."""
    return EventPage(
        id=UUID(page.hash[:32]),
        call_id=call_id,
        number=page.number,
        lines=page.lines,
        previous_hash=page.previous_hash,
        hash=page.hash,
    )


def receipt_row(call_id: int, record: ReceiptRecord, clock: Clock) -> Receipt:
    """The row of a receipt."""
    return Receipt(
        id=record.id,
        call_id=call_id,
        revision=record.revision,
        version=record.version,
        prompt_version_id=record.version_id,
        result=record.result.value,
        route=record.route.value,
        hash_sent=record.hash_sent,
        hash_echoed=record.hash_echoed,
        normalised=record.normalised,
        detail=record.detail,
        committed_at=clock.at_or_none(record.committed),
        received_at=clock.at_or_none(record.received),
        sent_at=clock.at_or_none(record.sent),
        acknowledged_at=clock.at_or_none(record.acknowledged),
    )
