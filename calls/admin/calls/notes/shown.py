"""What a page shows of notes, and who may change them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from calls.admin.calls.telling import isolated
from calls.models import Call, Note
from calls.story.notes import StaffNote
from prompts.admin import rights
from prompts.domain.roles import Right


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note, and whether the person who looks may correct and remove it."""

    note: StaffNote
    may_change: bool

    @property
    def text(self) -> SafeString:
        """What it says now."""
        return isolated(self.note.newest.text)

    @property
    def earlier(self) -> list[tuple[Note, SafeString]]:
        """What it said before, the newest first."""
        return [(row, isolated(row.text)) for row in self.note.earlier]


def notes_shown(
    request: HttpRequest, call: Call, notes: Sequence[StaffNote]
) -> Iterator[ShownNote]:
    """The notes of a call as this person sees them."""
    for note in notes:
        yield ShownNote(note, not note.is_erased and may_change(request, call, note))


def may_change(request: HttpRequest, call: Call, note: StaffNote) -> bool:
    """Whether the person wrote the note, or may change those of others."""
    is_author = note.first.actor_id == rights.person(request).pk
    return is_author or rights.may(request, call.business, Right.CHANGE_NOTES)
