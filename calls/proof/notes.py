"""Whether staff's notes at calls say what their authors wrote: the audit names each wording."""

import json
from collections.abc import Iterator

from calls.domain.notes import note_hash
from calls.models import Note
from prompts.models import AuditEntry

CHUNK = 500
WORDED = ("note.written", "note.corrected")
Name = tuple[str, int, int]  # call, note, wording


def check_notes() -> Iterator[tuple[str, str]]:
    """For each wording: what is wrong with it, and what was erased as it may be."""
    named = _named()
    for note in Note.objects.select_related("call").iterator(CHUNK):
        known = named.pop((str(note.call_id), note.number, note.edition), None)
        where = f"Call {note.call.sid}, note {note.number}, wording {note.edition}"
        if known != note.sha256:
            yield f"{where}: the audit does not know it.", ""
        elif note.erased_at:
            yield "", f"{where}: erased on {note.erased_at:%Y-%m-%d}, by {note.erased_by}."
        else:
            again = note_hash(salt=note.salt, author=note.actor_name, text=note.text)
            yield ("" if again == known else f"{where}: it was altered after it was written."), ""
    for call, number, edition in named:
        yield f"Call row {call}, note {number}, wording {edition}: it is missing.", ""


def _named() -> dict[Name, str]:
    """The hash that the chains give each wording."""
    entries = AuditEntry.objects.filter(action__in=WORDED).order_by("pk")
    found: dict[Name, str] = {}
    for call, after in entries.values_list("object_id", "after").iterator(CHUNK):
        values = json.loads(after)
        found[call, values["note"], values["edition"]] = values["sha256"]
    return found
