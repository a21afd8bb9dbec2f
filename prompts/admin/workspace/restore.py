"""Bringing words into one's own draft: an old version, a waiting text, another person's draft."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from prompts.admin.pages.page import redirect_with
from prompts.admin.places.place import Place
from prompts.domain.difference import fold
from prompts.domain.roles import Right
from prompts.models import PromptDraft, PromptVersion
from prompts.selectors import draft_in, drafts_of_others, unpublished_shipped
from prompts.sentences import Sentence
from prompts.services.draft import (
    copy_draft,
    discard_draft,
    start_from,
    take_offer,
    words_of,
)
from prompts.services.errors import StaleDraft
from prompts.services.slots import Text

from .bench import Bench, differences, open_bench
from .forms import EditionForm
from .header import show_bench


@dataclass(frozen=True, slots=True)
class Question:
    """What the person is asked, and what the button says."""

    title: str
    sentence: str
    button: str
    note: str = ""  # the reason that the draft begins with


def restore(request: HttpRequest, place: Place, number: int) -> HttpResponse:
    """Copy an old version forward; it goes live only by review."""
    bench = open_bench(request, place, Right.DRAFT)
    version = get_object_or_404(PromptVersion, prompt=bench.slot, number=number)
    question = _about_waiting(place, version) if _waits(version) else _about_old(place, version)
    return _bring(
        request,
        bench,
        Text(version.text, version.greeting),
        lambda edition: start_from(
            version=version, person=bench.desk.person, note=question.note, edition=edition
        ),
        question,
    )


def _waits(version: PromptVersion) -> bool:
    """Whether it came with an upgrade and nobody has published it."""
    return unpublished_shipped().filter(pk=version.pk).exists()


def _about_old(place: Place, version: PromptVersion) -> Question:
    number = {"number": version.number}
    sentence = _(
        "v%(number)d was written by %(person)s at %(time)s: “%(note)s”. "
        "It is copied into your draft. Nothing is published yet."
    )
    return Question(
        title=_("Restore v%(number)d?") % number,
        sentence=Sentence.of(
            sentence,
            number=version.number,
            person=version.author_name,
            time=place.told(version.created_at),
            note=version.note,
        ),
        button=_("Copy v%(number)d into my draft") % number,
        note=_("Restore v%(number)d") % number,
    )


def _about_waiting(place: Place, version: PromptVersion) -> Question:
    number = {"number": version.number}
    sentence = _(
        "v%(number)d came with an upgrade (%(time)s) and waits. It is copied into your draft. "
        "Nothing is published yet: the next page asks for a reason and says whom it reaches."
    )
    return Question(
        title=_("Publish v%(number)d, which came with an upgrade?") % number,
        sentence=Sentence.of(sentence, number=version.number, time=place.told(version.created_at)),
        button=_("Copy v%(number)d into my draft") % number,
        note=_("Take up v%(number)d, which came with an upgrade") % number,
    )


def take(request: HttpRequest, place: Place) -> HttpResponse:
    """Take up the text that waits for somebody."""
    bench = open_bench(request, place, Right.DRAFT)
    offered = draft_in(bench.slot, None) if bench.slot else None
    if offered is None:
        sentence = _("Somebody else has taken up the text that waited here.")
        return redirect_with(request, sentence, place.address(), messages.warning)
    return _bring(
        request,
        bench,
        words_of(offered),
        lambda edition: take_offer(desk=bench.desk, edition=edition),
        Question(
            title=_("Take up the text that waits here?"),
            sentence=Sentence.of(
                _("“%(note)s”. It becomes your draft. Nothing is published yet."),
                note=offered.note,
            ),
            button=_("Make it my draft"),
        ),
    )


def copy(request: HttpRequest, place: Place, draft_pk: int) -> HttpResponse:
    """Read another person's draft, and copy it if it is the one to go on with."""
    bench = open_bench(request, place, Right.DRAFT)
    others = drafts_of_others(bench.slot, bench.desk.person)
    theirs: PromptDraft = get_object_or_404(others, pk=draft_pk)
    return _bring(
        request,
        bench,
        words_of(theirs),
        lambda edition: copy_draft(draft=theirs, desk=bench.desk, edition=edition),
        Question(
            title=Sentence.of(_("The draft of %(person)s"), person=theirs.person),
            sentence=Sentence.of(
                _("Saved at %(time)s. %(person)s may still be writing; a copy is yours alone."),
                time=place.told(theirs.saved_at),
                person=theirs.person,
            ),
            button=_("Copy it into my draft"),
        ),
    )


def discard(request: HttpRequest, place: Place) -> HttpResponse:
    """Throw the draft away, once it has been looked at again."""
    bench = open_bench(request, place, Right.DRAFT)
    if bench.draft is None:
        sentence = _("There is no draft to discard.")
        return redirect_with(request, sentence, place.address(), messages.info)
    return _bring(
        request,
        bench,
        bench.words,
        lambda edition: discard_draft(desk=bench.desk, edition=edition),
        Question(
            title=_("Discard the draft?"),
            sentence=_("The draft below is thrown away for good. What is live stays as it is."),
            button=_("Discard the draft"),
        ),
    )


def _bring(
    request: HttpRequest,
    bench: Bench,
    words: Text,
    act: Callable[[int], PromptDraft | None],
    question: Question,
) -> HttpResponse:
    """Ask once, showing what the words change; a draft that comes of it is reviewed next."""
    form = EditionForm(request.POST or None, initial={"edition": bench.edition})
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data["edition"])
        except StaleDraft:
            sentence = _("Your draft was changed in another window. Look again, and then decide.")
            return redirect_with(request, sentence, request.path, messages.warning)
        return HttpResponseRedirect(bench.place.address("review" if made else "prompt"))
    greeting, text = differences(bench.live_words, words)
    return show_bench(
        request,
        bench,
        "bring",
        title=question.title,
        form=form,
        question=question,
        is_end=words == bench.words,
        greeting_blocks=greeting,
        text_blocks=fold(text),
    )
