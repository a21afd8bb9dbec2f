"""Writing a note on the page of a call, correcting it, and removing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from calls.admin.calls.access import call_url, find_call, way_to_calls
from calls.admin.calls.page import call_title, show_call
from calls.admin.calls.telling import zone_of
from calls.models import Call, Note
from calls.services.notes import NoNote, StaleNote, correct_note, remove_note, write_note
from calls.story.notes import StaffNote, find_note
from prompts.admin import rights
from prompts.admin.pages.page import Crumb, attempt, redirect_with, set_posted, show, show_form
from prompts.admin.reading import Look, note_read
from prompts.domain.roles import Right

from .forms import CorrectionForm, NoteForm, lead_to
from .shown import may_change


def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a note; a fault shows the page of the call with all that was typed."""
    call = find_call(request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(_place(call))
    form = NoteForm(request.POST)

    def act(values: dict[str, Any]) -> Note:
        return write_note(call=call, text=values["text"], actor=rights.person(request))

    written = attempt(request, form, act)
    if written is None:
        lead_to(form, "text")
        return show_call(request, call, note_form=form)
    place = _place(call, written.number)
    return redirect_with(request, _("The note is kept with the call."), place, messages.success)


def correct(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a note and let another wording follow."""
    call = find_call(request, pk)
    note = _find(request, call, number)
    if note.is_erased and request.method != "POST":
        raise Http404(_("This note was removed."))
    newest = note.newest
    initial = {"text": newest.text, "base": newest.edition}
    form = CorrectionForm(request.POST or None, initial=initial)
    stale: list[Note] = []

    def act(values: dict[str, Any]) -> Note:
        try:
            return correct_note(call=call, number=number, actor=rights.person(request), **values)
        except NoNote:
            raise ValidationError(_gone()) from None
        except StaleNote as error:
            stale.append(error.newest)
            raise ValidationError(_stale()) from None

    if attempt(request, form, act):
        place = _place(call, number)
        return redirect_with(request, _("The note is corrected."), place, messages.success)
    if stale:
        set_posted(form, "base", stale[0].edition)
    note_read(request, call.business, Look.TRANSCRIPT, call)
    return show_form(
        request,
        form,
        [(None, {"fields": ("text", "base")})],
        title=_("Correct the note"),
        crumbs=_way(call, number),
        button=_("Save the note"),
        template="admin/calls/note_form.html",
        sentences=[_("Earlier wordings stay with the note, for whoever may read the call.")],
        standing=stale[0] if stale else None,
        zone=zone_of(call),
    )


def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask once, then erase a note."""
    call = find_call(request, pk)
    note = _find(request, call, number)
    if note.is_erased:
        return redirect_with(request, _("This note was removed."), _place(call), messages.info)
    if request.method == "POST":
        return _remove(request, call, number)
    return show(
        request,
        "admin/prompts/confirm.html",
        title=_("Remove this note?"),
        crumbs=_way(call, number),
        cancel_url=_place(call, number),
        button=_("Remove the note"),
        sentences=[
            _("Its words and all its earlier wordings are erased. It cannot be undone."),
            _("That there was a note, whose, and who removed it, stays."),
        ],
    )


def _remove(request: HttpRequest, call: Call, number: int) -> HttpResponse:
    try:
        remove_note(call=call, number=number, actor=rights.person(request))
    except NoNote:
        sentence, level = _("This note was removed."), messages.info  # somebody was faster
    else:
        sentence, level = _("The note is removed."), messages.success
    return redirect_with(request, sentence, _place(call), level)


def _find(request: HttpRequest, call: Call, number: int) -> StaffNote:
    """A note that the person may change; 404 where there is none, 403 to all others."""
    note = find_note(call, number)
    if note is None:
        raise Http404(_("This call has no such note."))
    if not may_change(request, call, note):
        rights.require(request, call.business, Right.CHANGE_NOTES)
    return note


def _way(call: Call, number: int) -> list[Crumb]:
    """The last step is where “Cancel” leads."""
    return [*way_to_calls(), Crumb(call_title(call), _place(call, number))]


def _place(call: Call, number: int | None = None) -> str:
    """The notes on the page of the call, or one of them."""
    return f"{call_url(call)}#{'notes' if number is None else f'note-{number}'}"


def _gone() -> str:
    return _(
        "Somebody removed this note meanwhile; nothing was saved. "
        "Copy your words, and write a new note."
    )


def _stale() -> str:
    return _(
        "Somebody else corrected this note meanwhile; nothing was saved. "
        "What it says now stands above: save again, and your words follow it."
    )
