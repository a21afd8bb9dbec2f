"""What staff wrote at a call: its notes with all their wordings, and its tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from calls.models import Call, CallTag, Note


@dataclass(frozen=True, slots=True)
class StaffNote:
    """One note, the oldest wording first."""

    wordings: tuple[Note, ...]

    @property
    def number(self) -> int:
        """Its number in the call."""
        return self.first.number

    @property
    def first(self) -> Note:
        """As its author wrote it."""
        return self.wordings[0]

    @property
    def newest(self) -> Note:
        """As it stands."""
        return self.wordings[-1]

    @property
    def is_erased(self) -> bool:
        """Whether its words are gone."""
        return self.first.erased_at is not None

    @property
    def earlier(self) -> tuple[Note, ...]:
        """What it said before, the newest first; nothing once it is erased."""
        return () if self.is_erased else self.wordings[-2::-1]


def notes_of(call: Call) -> list[StaffNote]:
    """The notes in the order in which they were begun; one query."""
    rows = call.notes.order_by("number", "edition")
    return [StaffNote(tuple(found)) for _number, found in groupby(rows, lambda row: row.number)]


def find_note(call: Call, number: int) -> StaffNote | None:
    """One note of a call."""
    rows = tuple(call.notes.filter(number=number).order_by("edition"))
    return StaffNote(rows) if rows else None


def tags_of(call: Call) -> Sequence[CallTag]:
    """The tags in the order of their words; one query."""
    return list(call.tags.select_related("tag").order_by("tag__key"))
