"""Taking back the live version of a business: the one before it speaks again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.admin import rights
from prompts.admin.forms import TakeBackForm
from prompts.admin.outcomes.release import land_on
from prompts.admin.pages.page import attempt, redirect_with, set_posted
from prompts.admin.places.place import Place
from prompts.domain.difference import fold
from prompts.domain.roles import Right
from prompts.models import PromptVersion, Release
from prompts.services.errors import NothingBefore, StaleBase
from prompts.services.slots import Text
from prompts.services.take_back import take_back as put_back
from prompts.services.take_back import version_to_return_to

from .bench import Bench, differences, open_bench
from .header import show_bench


def take_back(request: HttpRequest, place: Place) -> HttpResponse:
    """Ask once, with what changes, then take back."""
    bench = open_bench(request, place, Right.PUBLISH)
    target = version_to_return_to(bench.slot) if bench.slot else None
    if bench.live is None or target is None:
        sentence = _("There is no version before this one to go back to.")
        return redirect_with(request, sentence, place.address(), messages.warning)
    number = bench.live.number
    reason = _("Take back v%d") % number
    form = TakeBackForm(request.POST or None, initial={"reason": reason, "base": number})
    release = _take_back(request, form, bench)
    if release is not None:
        return land_on(release)
    greeting, text = differences(bench.live_words, Text(target.text, target.greeting))
    return show_bench(
        request,
        bench,
        "take_back",
        title=_title(bench, number),
        form=form,
        target=target,
        sentences=_sentences(bench, target),
        greeting_blocks=greeting,
        text_blocks=fold(text),
    )


def _take_back(request: HttpRequest, form: TakeBackForm, bench: Bench) -> Release | None:
    """Take back what was confirmed; None leaves the reason on the form."""

    def act(values: dict[str, Any]) -> Release | None:
        try:
            return put_back(
                business=bench.place.business,
                direction=bench.place.direction,
                base=values["base"],
                reason=values["reason"],
                actor=rights.person(request),
            )
        except StaleBase as stale:
            _step_onto(form, stale.current[bench.place.direction])
        except NothingBefore as error:
            form.add_error(None, str(error))
        return None

    return attempt(request, form, act)


def _step_onto(form: TakeBackForm, current: int | None) -> None:
    """Ask again, about the version that is live by now."""
    set_posted(form, "base", current)
    form.add_error(
        None,
        _(
            "Somebody else published meanwhile, so nothing was taken back. "
            "v%(number)d is live now: decide again."
        )
        % {"number": current or 0},
    )


def _who_gets_it(live: int) -> str:
    """What it means for ``live`` calls in progress."""
    if not live:
        return _("No call is in progress now; the next call uses it.")
    sentence = ngettext(
        "%(count)d call in progress gets it too.",
        "%(count)d calls in progress get it too.",
        live,
    )
    return sentence % {"count": live}


def _title(bench: Bench, number: int) -> str:
    if bench.place.business is None:
        return _("Take back v%(number)d from every business?") % {"number": number}
    return _("Take back v%(number)d?") % {"number": number}


def _sentences(bench: Bench, target: PromptVersion) -> list[str]:
    """What happens next."""
    return [
        _what_stands(bench, target.number),
        _who_gets_it(bench.place.live_calls()),
        _("Nothing is lost: every version stays in the list."),
    ]


def _what_stands(bench: Bench, number: int) -> str:
    """What is live afterwards, and for whom."""
    if bench.place.business is not None:
        return _("v%(number)d is live again at once.") % {"number": number}
    businesses = bench.place.businesses()
    sentence = ngettext(
        "v%(number)d is live again at once, in the calls of %(count)d business.",
        "v%(number)d is live again at once, in the calls of all %(count)d businesses.",
        businesses,
    )
    return sentence % {"number": number, "count": businesses}
