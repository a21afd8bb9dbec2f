"""The log of a call told to `builders.Call`, and whether its turns and receipts agree with it."""

from calls.domain import audit, commands, entries
from calls.domain.pages import Page, Pages
from calls.domain.records import ReceiptRecord, TurnRecord
from tests.calls.domain import builders as b

SID = "CA1"


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
    return None


def stored(call: b.Call, *, end: bool = False) -> audit.Stored:
    rows = [c.row for c in call.log if isinstance(c, commands.Record)]
    turns = {row.id: row for row in rows if isinstance(row, TurnRecord) and row.response_id}
    receipts = [row for row in rows if isinstance(row, ReceiptRecord)]
    return audit.Stored(
        sid=SID,
        pages=pages_of(call, end=end),
        answers=[audit.Answer(t.position, t.response_id, t.stamp) for t in turns.values()],
        outcomes=[
            audit.Outcome(r.revision, r.result, r.hash_sent, r.hash_echoed) for r in receipts
        ],
    )


def faults(call: b.Call, *, end: bool = False) -> list[str]:
    return audit.check(stored(call, end=end)).faults
