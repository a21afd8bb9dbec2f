"""Writing: the editor with all that a person needs beside the text."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from prompts.admin.pages.page import own_url, put_beside_fields
from prompts.admin.places.place import Place
from prompts.domain.placeholders import NAMES
from prompts.domain.roles import Right
from prompts.domain.scripts import PER_TOKEN, PER_TOKEN_ELSEWHERE
from prompts.selectors import draft_in, drafts_of_others
from prompts.services.errors import StaleDraft

from .bench import Bench, open_bench
from .conflict import show_two_windows
from .forms import DraftForm, draft_form
from .header import saved, show_bench
from .history import history
from .mending import mend
from .rehearsing import opening_of
from .saving import checked, keep


@dataclass(frozen=True, slots=True)
class Chip:
    """A placeholder that a press puts into the text, and what callers hear in its place."""

    written: str
    value: str


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is writing here, and where one reads what."""

    person: str
    saved: str
    url: str


def editor(request: HttpRequest, place: Place) -> HttpResponse:
    """Show what the person is writing, and keep it when the form is sent."""
    bench = open_bench(request, place, Right.READ)
    form = draft_form(place)(request.POST or None, initial=_initial(bench))
    if request.method == "POST":
        place.require(request, Right.DRAFT)
        try:
            return _go_on(request, keep(bench, checked(form)), bench)
        except ValidationError as error:
            put_beside_fields(form, error, {})
        except StaleDraft:
            return show_two_windows(request, bench, form)
    return _show(request, form, bench)


def _initial(bench: Bench) -> dict[str, object]:
    """What the form begins with."""
    words = bench.words
    return {
        "text": words.text,
        "greeting": words.greeting,
        "note": bench.draft.note if bench.draft else "",
        "base": bench.base,
        "edition": bench.edition,
    }


def _go_on(request: HttpRequest, bench: Bench, before: Bench) -> HttpResponse:
    """To where the pressed button leads."""
    if key := request.POST.get("repair"):
        mend(bench, key)
        return HttpResponseRedirect(f"{before.place.address()}#points")
    pages = {"review": "review", "preview": "preview", "discard": "discard"}
    page = pages.get(request.POST.get("then", ""), "prompt")
    return HttpResponseRedirect(bench.place.address(page))


def _show(request: HttpRequest, form: DraftForm, bench: Bench) -> HttpResponse:
    place = bench.place
    for name in {"text", "greeting", "note"} & set(form.fields):
        form.fields[name].widget.attrs |= {
            "dir": bench.text_direction,
            "readonly": not bench.may_draft,
        }
    return show_bench(
        request,
        bench,
        "editor",
        title=place.title,
        form=form,
        saved=saved(bench),
        chips=_chips(bench),
        details_url=_details_url(bench),
        points=bench.points(),
        opening=opening_of(bench),
        per_token={**PER_TOKEN, "": PER_TOKEN_ELSEWHERE},
        offered=draft_in(bench.slot, None) if bench.slot and place.calls else None,
        offered_url=place.address("take") if place.calls else "",
        others=_others(bench),
        history=history(request, bench),
    )


def _chips(bench: Bench) -> list[Chip]:
    """All placeholders, those without a value too."""
    values = bench.place.placeholders
    return [Chip(f"{{{{ {name} }}}}", values[name]) for name in NAMES if name in values]


def _details_url(bench: Bench) -> str:
    """Where a value that is empty is filled in."""
    calls = bench.place.calls
    return own_url("details", calls.business.pk) if calls else ""


def _others(bench: Bench) -> list[Other]:
    """What other people are writing for the same calls."""
    place = bench.place
    return [
        Other(str(one.person), place.told(one.saved_at), place.address("copy", one.pk))
        for one in drafts_of_others(bench.slot, bench.desk.person)
    ]
