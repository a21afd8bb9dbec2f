"""What is written down of an update and its echo: one receipt, and lines for the operator."""

from typing import Any
from uuid import UUID

from calls.domain.commands import Command, Record, alarm, log
from calls.domain.flights import InFlight, Notice
from calls.domain.records import ReceiptRecord, Result, TextRecord
from calls.domain.texts import Found
from prompts.domain.kinds import Layer
from prompts.domain.layers import Part

LONGEST_STRANGER = 200_000  # characters of a text that is not ours; a longer one is only named


def receipt(notice: Notice, result: Result, new_id: UUID, **facts: Any) -> list[Command]:
    """The receipt; none for a revision that has its result already."""
    if notice.has_result:
        return []
    instructions = notice.configuration.instructions
    facts.setdefault("detail", notice.configuration.missing)
    row = ReceiptRecord(
        id=notice.receipt_id or new_id,
        revision=instructions.revision,
        version=instructions.version,
        version_id=instructions.version_id,
        result=result,
        route=notice.route,
        hash_sent=instructions.fingerprint if "sent" in facts else "",
        committed=notice.committed,
        received=notice.received,
        **facts,
    )
    return [Record(row)]


def echo_line(shown: Found, flight: InFlight | None, *, is_denied: bool) -> Command:
    """The line for the operator about an echo."""
    expected = flight.notice.fingerprint if flight else ""
    is_ours = shown.fingerprint == expected if expected else bool(shown.fingerprint)
    return log(
        "session.updated",
        received_hash=shown.received,
        expected_hash=expected,
        match=is_ours and not is_denied,
        normalised=shown.normalised,
    )


def altered(text: str, shown: Found, flight: InFlight | None) -> list[Command]:
    """A text came back that is none of ours: an alarm, and answers stand under it from now on.

    It may hold what we said of the caller, so it is kept as a context is, which can be erased.
    """
    expected = flight.notice.fingerprint if flight else ""
    line = alarm("session.altered", received_hash=shown.received, expected_hash=expected)
    if "\0" in text or len(text) > LONGEST_STRANGER:
        return [line]
    part = Part(Layer.CONTEXT, text, shown.received)
    return [line, Record(TextRecord(shown.received, text, (part,)))]


def sent_line(flight: InFlight) -> Command:
    """The line for the operator about a sending."""
    instructions = flight.notice.configuration.instructions
    return log(
        "session.update_sent",
        attempt=len(flight.event_ids),
        revision=instructions.revision,
        version=instructions.version,
        fingerprint=instructions.fingerprint,
        length=len(instructions.text),
    )
