"""Two texts for one place: both are shown with what differs, and the person decides."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from prompts.admin.pages.page import redirect_with
from prompts.admin.places.place import Place
from prompts.domain.difference import fold
from prompts.domain.roles import Right
from prompts.selectors import draft_in
from prompts.sentences import Sentence
from prompts.services.draft import NO_DRAFT, discard_draft, put_on_top, words_of
from prompts.services.errors import StaleDraft
from prompts.services.slots import Text

from .bench import Bench, differences, open_bench
from .forms import DecisionForm, DraftForm
from .header import saved, show_bench


def conflict(request: HttpRequest, place: Place) -> HttpResponse:
    """Somebody else has published since the draft was begun."""
    bench = open_bench(request, place, Right.DRAFT)
    if not bench.has_moved:
        return HttpResponseRedirect(place.address())
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, bench, form)
    live = bench.live
    return _show(
        request,
        bench,
        mine=bench.words,
        theirs=bench.live_words,
        title=_("Somebody else published meanwhile"),
        theirs_title=_("Theirs: v%(number)d, live now") % {"number": live.number}
        if live
        else _("Theirs: nothing is live"),
        sentence=_moved(bench),
        fields={"edition": bench.edition, "onto": live.number if live else ""},
        keep_fields={},
    )


def show_two_windows(request: HttpRequest, bench: Bench, form: DraftForm) -> HttpResponse:
    """The same person has saved other words in another window; both are still there."""
    stored = draft_in(bench.slot, bench.desk.person) if bench.slot else None
    mine = Text(form.data.get("text", ""), form.data.get("greeting", ""))
    return _show(
        request,
        bench,
        mine=mine,
        theirs=words_of(stored) if stored else bench.live_words,
        title=_("You changed this draft in another window"),
        theirs_title=Sentence.of(_("The other window: %(saved)s"), saved=saved(bench))
        if stored
        else _("The other window: the draft was published or discarded"),
        sentence=_("Nothing was saved over it. Choose which of the two goes on as your draft."),
        keep_fields={
            **{name: form.data.get(name, "") for name in ("text", "greeting", "note")},
            "base": bench.base if bench.base is not None else "",
            "edition": stored.edition if stored else NO_DRAFT,
        },
    )


def _decide(request: HttpRequest, bench: Bench, form: DecisionForm) -> HttpResponse:
    """Let the chosen text go on as the draft."""
    edition = form.cleaned_data["edition"]
    try:
        if form.cleaned_data["choice"] == DecisionForm.THEIRS:
            discard_draft(desk=bench.desk, edition=edition)
            sentence = _("You took their text. Your draft is gone.")
            return redirect_with(request, sentence, bench.place.address(), messages.info)
        put_on_top(desk=bench.desk, onto=form.cleaned_data["onto"], edition=edition)
    except (StaleDraft, ValidationError):
        sentence = _("Your draft was changed in another window. Look again, and then decide.")
        return redirect_with(request, sentence, request.path, messages.warning)
    return HttpResponseRedirect(bench.place.address("review"))


def _moved(bench: Bench) -> str:
    """Who published what meanwhile, and that nothing is lost."""
    release = bench.release
    if release is None or bench.live is None:
        return ""
    return Sentence.of(
        _(
            "%(person)s put v%(number)d in force at %(time)s (“%(reason)s”), while you were "
            "writing on top of v%(base)d. Nothing is lost: choose which of the two goes on."
        ),
        person=release.actor_name,
        number=bench.live.number,
        time=bench.place.told(release.created_at),
        reason=release.reason,
        base=bench.base or 0,
    )


def _show(
    request: HttpRequest, bench: Bench, *, mine: Text, theirs: Text, title: str, **context: object
) -> HttpResponse:
    greeting, text = differences(theirs, mine)
    return show_bench(
        request,
        bench,
        "conflict",
        title=title,
        mine=mine,
        theirs=theirs,
        greeting_blocks=greeting,
        text_blocks=fold(text),
        **context,
    )
