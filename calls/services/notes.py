"""Writing a note at a call, correcting it and removing it.

The audit stays for ever, so it names each wording by its salted hash; the words stand in rows
that can be erased.
"""

import secrets

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.domain.notes import NOTE_LIMIT, Fault, note_fault, note_hash, note_written
from calls.models import Call, Note

from .entries import lock_owner, name_of, record_change


class NoNote(Exception):
    """The call has no such note, or its words were erased."""


class StaleNote(Exception):
    """Somebody else corrected the note after the editor had read it; nothing was changed."""

    def __init__(self, newest: Note) -> None:
        """Carry the wording that stands."""
        super().__init__("Somebody else corrected this note meanwhile.")
        self.newest = newest


def write_note(*, call: Call, text: str, actor: User | None) -> Note:
    """Keep a note with the call."""
    text = _judged(text)
    with transaction.atomic():
        owner = lock_owner(call)
        last = call.notes.order_by("-number").first()
        added = _add(call, last.number + 1 if last else 1, 1, text, actor)
        record_change(owner, call, "note.written", {}, _named(added), actor=actor)
        return added


def correct_note(*, call: Call, number: int, text: str, base: int, actor: User | None) -> Note:
    """Let the note say ``text``; earlier wordings stay with it.

    ``base`` is the wording that the editor read: when another stands by now, `StaleNote` says so.
    """
    text = _judged(text)
    with transaction.atomic():
        owner = lock_owner(call)
        newest = _newest(call, number)
        if newest.edition != base:
            raise StaleNote(newest)
        if newest.text == text:
            return newest
        added = _add(call, number, base + 1, text, actor)
        record_change(owner, call, "note.corrected", _named(newest), _named(added), actor=actor)
        return added


@transaction.atomic
def remove_note(*, call: Call, number: int, actor: User | None) -> None:
    """Erase all wordings of a note; that there was one, whose and until when, stays."""
    owner = lock_owner(call)
    newest = _newest(call, number)
    kept = call.notes.filter(number=number)
    kept.update(text="", salt="", erased_at=timezone.now(), erased_by=name_of(actor))
    record_change(owner, call, "note.removed", _named(newest), {"note": number}, actor=actor)


def _judged(typed: str) -> str:
    """The note as it is kept, or what is wrong with it."""
    text = note_written(typed)
    sentences = {
        Fault.EMPTY: _("Write the note first."),
        Fault.UNSTORABLE: _(
            "The text holds a control character or half of a broken one; remove it."
        ),
        Fault.TOO_LONG: _("The note has %(count)d characters; at most %(limit)d fit.")
        % {"count": len(text), "limit": NOTE_LIMIT},
    }
    if fault := note_fault(text):
        raise ValidationError({"text": [sentences[fault]]})
    return text


def _newest(call: Call, number: int) -> Note:
    """The wording that stands."""
    newest = call.notes.filter(number=number).order_by("-edition").first()
    if newest is None or newest.erased_at is not None:
        raise NoNote
    return newest


def _add(call: Call, number: int, edition: int, text: str, actor: User | None) -> Note:
    salt, author = secrets.token_hex(16), name_of(actor)
    return Note.objects.create(
        call=call,
        number=number,
        edition=edition,
        text=text,
        salt=salt,
        sha256=note_hash(salt=salt, author=author, text=text),
        actor=actor,
        actor_name=author,
        made_at=timezone.now(),
    )


def _named(note: Note) -> dict[str, object]:
    """A wording as the audit names it."""
    return {"note": note.number, "edition": note.edition, "sha256": note.sha256}
