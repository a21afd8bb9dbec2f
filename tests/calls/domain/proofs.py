"""The log of a call told to `builders.Call`, and whether its turns and receipts agree with it."""

from datetime import UTC, datetime

from calls.domain import audit, commands, entries
from calls.domain.pages import Page, Pages, as_logged
from calls.domain.records import ReceiptRecord, TurnRecord
from calls.live.rows import Clock, receipt_row
from tests.calls.domain import builders as b

SID = "CA1"
BEGAN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def pages_of(call: b.Call, *, end: bool = False) -> list[Page]:
    """The log as the bridge writes it: notes and sendings in the order of the commands."""
    writing, found = Pages(SID, 0.0), []
    told = [entry_of(command) for command in call.log]
    if end:
        told.append(entries.ended("caller_hung_up"))
    for moment, entry in enumerate(filter(None, told)):
        found.append(writing.add(entry, float(moment)))
    return [page for page in [*found, writing.turn()] if page is not None]


def entry_of(command: commands.Command):
    if isinstance(command, commands.Note | commands.Told):
        return command.entry
    if isinstance(command, commands.Record) and isinstance(command.row, ReceiptRecord):
        return entries.receipt_written(facts_of(command.row))
    return None


def facts_of(record: ReceiptRecord):
    return as_logged(receipt_row(1, record, Clock(0.0, BEGAN)).facts)


def stored(call: b.Call, *, end: bool = False) -> audit.Stored:
    rows = [c.row for c in call.log if isinstance(c, commands.Record)]
    turns = {row.id: row for row in rows if isinstance(row, TurnRecord) and row.response_id}
    receipts = [row for row in rows if isinstance(row, ReceiptRecord)]
    return audit.Stored(
        sid=SID,
        pages=pages_of(call, end=end),
        answers=[audit.Answer(t.position, t.response_id, t.stamp) for t in turns.values()],
        outcomes=[
            audit.Outcome(r.revision, r.result, r.hash_sent, r.hash_echoed, facts_of(r))
            for r in receipts
        ],
    )


def faults(call: b.Call, *, end: bool = False) -> list[str]:
    return audit.check(stored(call, end=end)).faults
