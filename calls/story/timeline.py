"""A call as it happened: what was said, and between the lines what reached it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from calls.models import Call, CallTag, Receipt, Turn
from calls.story.changes import Change, changes_of
from calls.story.log import Log, read_log
from calls.story.marks import Mark, Step, marks_of_log, marks_of_receipt
from calls.story.notes import StaffNote, notes_of, tags_of


@dataclass(frozen=True, slots=True)
class Happening:
    """Steps of one change that no line stands between, in their order."""

    marks: tuple[Mark, ...]

    @property
    def first(self) -> Mark:
        """The step that it begins with."""
        return self.marks[0]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of a call."""

    call: Call
    turns: Sequence[Turn]
    receipts: Sequence[Receipt]
    changes: dict[int, Change]
    log: Log
    items: Sequence[Turn | Happening]
    notes: Sequence[StaffNote]
    tags: Sequence[CallTag]


def tell(call: Call) -> Story:
    """The story of a call; the number of queries does not depend on how long it was."""
    turns = list(call.turns.order_by("position"))
    heard, answered = (F(name).asc(nulls_first=True) for name in ("received_at", "acknowledged_at"))
    receipts = list(call.receipts.order_by("revision", heard, answered))
    log = read_log(call, receipts)
    changes = changes_of(call, {one.revision for one in receipts})
    marks = [*_marks(call, receipts, changes, log), *marks_of_log(log)]
    if call.ended_at is not None and (turns or receipts):
        marks.append(Mark(call.ended_at, Step.ENDED))
    items = _in_order(turns, marks)
    return Story(call, turns, receipts, changes, log, items, notes_of(call), tags_of(call))


def _marks(
    call: Call, receipts: Sequence[Receipt], changes: dict[int, Change], log: Log
) -> list[Mark]:
    firsts = {one.revision: one for one in reversed(receipts)}
    return [
        mark
        for one in receipts
        for mark in marks_of_receipt(
            call, one, changes.get(one.revision), log, is_first=firsts[one.revision] is one
        )
    ]


def _in_order(turns: Sequence[Turn], marks: Sequence[Mark]) -> list[Turn | Happening]:
    """Lines in their own order, each after the marks that were there before it began."""
    waiting = sorted(marks, key=lambda mark: mark.at)
    items: list[Turn | Happening] = []
    for turn in turns:
        before = [mark for mark in waiting if mark.at <= turn.started_at]
        waiting = waiting[len(before) :]
        items += [*_happenings(before), turn]
    return items + _happenings(waiting)


def _happenings(marks: Sequence[Mark]) -> list[Happening]:
    """Marks between two lines, those of one change together."""
    grouped: dict[object, list[Mark]] = {}
    for mark in marks:
        key = mark.receipt.pk if mark.receipt else mark.step
        grouped.setdefault(key, []).append(mark)
    return [Happening(tuple(group)) for group in grouped.values()]
