"""Letting the agent of a business rest, and calling it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.forms import ReasonForm
from prompts.domain.roles import Right
from prompts.models import Business, BusinessSettings
from prompts.sentences import Sentence
from prompts.services import settings as services

from .page import WHY, attempt, business_url, redirect_with, show_form, way_to


@dataclass(frozen=True, slots=True)
class Switch:
    """The words around one of the two moves, and the move."""

    title: str
    sentences: Sequence[str]
    button: str
    done: str
    move: Callable[..., BusinessSettings]


def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then pause."""
    business = _find(request, pk)
    if business.settings.paused:
        sentence = _("The agent of %(business)s is paused already.")
        return _nothing_to_do(request, business, sentence)
    number = business.settings.fallback_number
    through = (
        Sentence.of(
            _("They are then put through to the fallback number %(number)s."), number=number
        )
        if number
        else _("No fallback number is saved, so the call then ends.")
    )
    return _switch(
        request,
        business,
        Switch(
            title=Sentence.of(_("Pause the agent of %(business)s?"), business=business.name),
            sentences=[
                _("New calls hear the fallback words instead of the agent."),
                through,
                _("Calls in progress go on with the agent."),
            ],
            button=_("Pause the agent"),
            done=_("The agent is paused. New calls hear the fallback words."),
            move=services.pause,
        ),
    )


def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then let the agent answer again."""
    business = _find(request, pk)
    if not business.settings.paused:
        return _nothing_to_do(request, business, _("The agent of %(business)s is not paused."))
    return _switch(
        request,
        business,
        Switch(
            title=Sentence.of(_("Resume the agent of %(business)s?"), business=business.name),
            sentences=[_("The agent answers from the next call on.")],
            button=_("Resume the agent"),
            done=_("The agent answers again, from the next call on."),
            move=services.resume,
        ),
    )


def _find(request: HttpRequest, pk: int) -> Business:
    return rights.find_business(request, pk, Right.PUBLISH)


def _nothing_to_do(request: HttpRequest, business: Business, sentence: str) -> HttpResponse:
    """Go back and say that it is so already."""
    said = Sentence.of(sentence, business=business.name)
    return redirect_with(request, said, business_url(business), messages.info)


def _switch(request: HttpRequest, business: Business, switch: Switch) -> HttpResponse:
    form = ReasonForm(request.POST or None)

    def act(values: dict[str, Any]) -> BusinessSettings:
        return switch.move(business=business, actor=rights.person(request), reason=values["reason"])

    if attempt(request, form, act):
        return redirect_with(request, switch.done, business_url(business), messages.success)
    return show_form(
        request,
        form,
        [WHY],
        title=switch.title,
        crumbs=way_to(business),
        button=switch.button,
        sentences=switch.sentences,
    )
