"""Taking back the live version of a business: the one before it speaks again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.admin import rights
from prompts.admin.banners import direction_title
from prompts.admin.forms import TakeBackForm
from prompts.admin.outcomes.release import land_on
from prompts.admin.window import look
from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.models import Business, PromptVersion, Release
from prompts.selectors import slot_for_calls
from prompts.services.errors import NothingBefore, StaleBase
from prompts.services.take_back import take_back as put_back
from prompts.services.take_back import version_to_return_to

from .page import (
    Crumb,
    attempt,
    own_url,
    redirect_with,
    set_posted,
    show_form,
    way_to,
)


def take_back(request: HttpRequest, pk: int, direction: Direction) -> HttpResponse:
    """Ask once, with the text that comes back, then take back."""
    business = rights.find_business(request, pk, Right.PUBLISH)
    url = own_url("prompt", business.pk, direction.value)
    live, target = _both(business, direction)
    if live is None or target is None:
        sentence = _("There is no version before this one to go back to.")
        return redirect_with(request, sentence, url, messages.warning)
    form = TakeBackForm(
        request.POST or None,
        initial={"reason": _("Take back v%d") % live.number, "base": live.number},
    )
    release = _take_back(request, form, business, direction)
    if release is not None:
        return land_on(release)
    return show_form(
        request,
        form,
        [(None, {"fields": ("reason",)})],
        title=_("Take back v%(number)d?") % {"number": live.number},
        crumbs=[*way_to(business), Crumb(direction_title(direction), url)],
        button=_("Take back v%(number)d") % {"number": live.number},
        template="admin/prompts/take_back.html",
        sentences=_sentences(target, look().live_calls(business.pk, direction)),
        target=target,
        business=business,
    )


def _both(
    business: Business, direction: Direction
) -> tuple[PromptVersion | None, PromptVersion | None]:
    """The live version, and the one that would come back."""
    slot = slot_for_calls(business, direction)
    return (slot.current, version_to_return_to(slot)) if slot else (None, None)


def _take_back(
    request: HttpRequest, form: TakeBackForm, business: Business, direction: Direction
) -> Release | None:
    """Take back what was confirmed; None leaves the reason on the form."""

    def act(values: dict[str, Any]) -> Release | None:
        try:
            return put_back(
                business=business,
                direction=direction,
                base=values["base"],
                reason=values["reason"],
                actor=rights.person(request),
            )
        except StaleBase as stale:
            _step_onto(form, stale.current[direction])
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


def _sentences(target: PromptVersion, live: int) -> list[str]:
    """What happens next."""
    return [
        _("v%(number)d, shown below, is live again at once.") % {"number": target.number},
        _who_gets_it(live),
        _("Nothing is lost: every version stays in the list."),
    ]
