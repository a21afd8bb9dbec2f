"""The last look before calls are told: what changes, what is wrong, and whom it reaches."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from prompts.admin.outcomes.release import land_on
from prompts.admin.pages.page import put_beside_fields, redirect_with, set_posted
from prompts.admin.places.place import Place
from prompts.domain.difference import fold
from prompts.domain.kinds import Apply
from prompts.domain.placeholders import find
from prompts.domain.roles import Right
from prompts.domain.scripts import estimate_tokens
from prompts.domain.text import sha256
from prompts.models import PromptVersion, Release
from prompts.selectors import waiting_shipped
from prompts.services.draft import publish_draft, save_draft
from prompts.services.errors import StaleBase, StaleDraft

from .bench import Bench, differences, open_bench
from .forms import ReviewForm
from .header import show_bench
from .mending import mend


def review(request: HttpRequest, place: Place) -> HttpResponse:
    """Show what would change, mend what lint found, publish."""
    bench = open_bench(request, place, Right.DRAFT)
    if bench.draft is None:
        sentence = _("There is nothing to review: the editor shows what is live.")
        return redirect_with(request, sentence, place.address(), messages.info)
    note = " ".join(bench.draft.note.split("\n"))  # a reason stands on one line
    form = ReviewForm(request.POST or None, initial={"note": note, "edition": bench.edition})
    if request.method == "POST" and form.data.get("repair"):
        return _mend(request, bench, form)
    if request.method == "POST":
        place.require(request, Right.PUBLISH)
        if form.is_valid():
            answer = _publish(request, bench, form, form.cleaned_data)
            if answer is not None:
                return answer
    return _show(request, bench, form)


def _mend(request: HttpRequest, bench: Bench, form: ReviewForm) -> HttpResponse:
    """Apply a repair; the reason that was typed stays on the page."""
    mended = mend(bench, form.data["repair"])
    if mended.draft is not None and form.data.get("note"):
        mended = replace(mended, draft=_with_note(mended, form.data["note"]))
    return HttpResponseRedirect(mended.place.address("review"))


def _publish(
    request: HttpRequest, bench: Bench, form: ReviewForm, values: dict[str, Any]
) -> HttpResponse | None:
    """Publish the reviewed edition; None leaves the reasons on the form."""
    try:
        release = publish_draft(
            desk=bench.desk,
            edition=values["edition"],
            note=values["note"],
            apply=Apply(values["apply"]),
        )
    except ValidationError as error:
        put_beside_fields(form, error, {})
    except StaleDraft:
        set_posted(form, "edition", bench.edition)
        form.add_error(None, _("You changed the draft in another window. This is how it is now."))
    except StaleBase:
        _with_note(bench, values["note"])
        return HttpResponseRedirect(bench.place.address("conflict"))
    else:
        return _land(request, bench, release)
    return None


def _with_note(bench: Bench, note: str) -> Any:
    """The draft, keeping the reason that was typed."""
    return save_draft(
        desk=bench.desk, words=bench.words, note=note, base=bench.base, edition=bench.edition
    )


def _land(request: HttpRequest, bench: Bench, release: Release | None) -> HttpResponse:
    """To the page of the release, which tells what becomes of it in each call."""
    if release is None:
        sentence = _("Nothing was published: these words are live already.")
        return redirect_with(request, sentence, bench.place.address(), messages.info)
    return land_on(release)


def _show(request: HttpRequest, bench: Bench, form: ReviewForm) -> HttpResponse:
    greeting, text = differences(bench.live_words, bench.words)
    points = bench.points()
    before, after = bench.live_words, bench.words.canonical()
    used, uses = (set(find(f"{one.text} {one.greeting}")) for one in (before, after))
    return show_bench(
        request,
        bench,
        "review",
        title=_("Review & publish"),
        form=form,
        greeting_blocks=greeting,
        text_blocks=fold(text),
        blocking=[one for one in points if one.finding.blocks],
        warnings=[one for one in points if not one.finding.blocks],
        copied_from=bench.draft.copied_from if bench.draft else None,
        passed_over=_passed_over(bench),
        names_added=sorted(uses - used),
        names_gone=sorted(used - uses),
        sizes=[(len(one.text), estimate_tokens(one.text)) for one in (before, after)],
    )


def _passed_over(bench: Bench) -> PromptVersion | None:
    """What came with an upgrade and would wait no longer, because other words go live."""
    if bench.place.business is not None:
        return None
    coming = sha256(bench.words.canonical().text)
    waiting = (one for one in waiting_shipped() if one.prompt == bench.slot)
    return next((one for one in waiting if one.sha256 != coming), None)
