"""What calls would be told if the draft were live."""

from datetime import datetime

from django.utils import timezone

from prompts.admin.places.place import Calls
from prompts.domain.context import call_context
from prompts.domain.layers import Instructions
from prompts.domain.lint import UNSPEAKABLE, blocks
from prompts.domain.profile import Profile
from prompts.domain.rehearsal import rehearse
from prompts.domain.unspeakable import Unspeakable
from prompts.selectors import read_wording

from .bench import Bench

NOBODY = Profile()


class OwnFault(Unspeakable):
    """The words on the page cannot be spoken; lint says why."""


def rehearsed(
    bench: Bench, calls: Calls, *, began_at: datetime, caller: Profile = NOBODY
) -> Instructions:
    """The instructions of such a call under the words.

    Raises `OwnFault` where the words themselves cannot be spoken, and otherwise as `compose` does.
    """
    words = bench.words.canonical()
    if any(one.code in UNSPEAKABLE for one in blocks(words.text, words.greeting, bench.ground)):
        raise OwnFault
    wording = read_wording(calls.business.pk, calls.direction)
    context = call_context(wording, began_at=began_at, caller=caller)
    return rehearse(
        wording,
        layer=bench.place.layer,
        text=words.text,
        greeting=words.greeting,
        context=context,
    )


def opening_of(bench: Bench) -> str:
    """The short text under which the first words are spoken; empty while there is none."""
    calls = bench.place.calls
    if calls is None:
        return ""
    try:
        return rehearsed(bench, calls, began_at=timezone.now()).opening
    except Unspeakable:
        return ""
