"""Why a call cannot be given its instructions, in one sentence that says what is missing."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.admin import rights
from prompts.admin.banners import direction_title
from prompts.admin.pages.page import own_url
from prompts.admin.places.place import Calls, page_url
from prompts.admin.places.platform import platform_title
from prompts.domain.kinds import Layer
from prompts.domain.layers import MissingPrompt
from prompts.domain.placeholders import PlaceholderError
from prompts.domain.roles import Right
from prompts.domain.unspeakable import Unspeakable
from prompts.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps such a call from its agent, what to do, and where, for whoever may go there."""

    sentence: str
    url: str
    link: str


def obstacle(request: HttpRequest, error: Unspeakable, calls: Calls) -> Obstacle:
    """The obstacle that stands outside the text on the page."""
    if isinstance(error, MissingPrompt):
        return _empty_slot(request, error, calls)
    details = own_url("details", calls.business.pk)
    return Obstacle(_in_place(error, calls), details, _("Open the details"))


def _empty_slot(request: HttpRequest, error: MissingPrompt, calls: Calls) -> Obstacle:
    """Which prompt is empty."""
    if error.layer is Layer.BUSINESS:
        sentence = _(
            "%(business)s has no prompt for “%(direction)s” yet, so such a call is not answered by "
            "the agent. Write it and publish it first."
        )
        told = Sentence.of(
            sentence, business=calls.business.name, direction=direction_title(calls.direction)
        )
        url = page_url("business", "prompt", calls.business.pk, calls.direction.value)
        return Obstacle(told, url, _("Write it"))
    direction = calls.direction if error.layer is Layer.CALL_TYPE else None
    sentence = _(
        "Nothing is live as %(prompt)s, so no such call is answered by the agent. "
        "Somebody who may publish platform prompts publishes it first."
    )
    told = Sentence.of(sentence, prompt=platform_title(direction))
    is_shown = rights.may(request, None, Right.READ)
    url = page_url("platform", "prompt", direction) if is_shown else ""
    return Obstacle(told, url, _("Open that prompt"))


def _in_place(error: Unspeakable, calls: Calls) -> str:
    """What is wrong once the values of the business stand in the texts."""
    if isinstance(error, PlaceholderError) and error.missing:
        sentence = ngettext(
            "A prompt of such a call uses %(names)s, which has no value at %(business)s yet. "
            "Fill it in under “Details”.",
            "A prompt of such a call uses %(names)s, which have no value at %(business)s yet. "
            "Fill them in under “Details”.",
            len(error.missing),
        )
        names = ", ".join(f"{{{{ {name} }}}}" for name in error.missing)
        return Sentence.of(sentence, names=names, business=calls.business.name)
    sentence = _(
        "With the details of %(business)s in place, the prompts of such a call cannot be put "
        "together. Leave < and > out of the details, and mend what is named beside the prompts."
    )
    return Sentence.of(sentence, business=calls.business.name)
