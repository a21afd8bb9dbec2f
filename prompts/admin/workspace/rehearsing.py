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


def rehearsed(
    bench: Bench, calls: Calls, *, began_at: datetime, caller: Profile = NOBODY
) -> Instructions | None:
    """The instructions of such a call under the words; None while none could be given them."""
    words = bench.words.canonical()
    if any(one.code in UNSPEAKABLE for one in blocks(words.text, words.greeting, bench.ground)):
        return None
    wording = read_wording(calls.business.pk, calls.direction)
    context = call_context(wording, began_at=began_at, caller=caller)
    try:
        return rehearse(
            wording,
            layer=bench.place.layer,
            text=words.text,
            greeting=words.greeting,
            context=context,
        )
    except Unspeakable:  # another slot is empty, or its text cannot be said
        return None


def opening_of(bench: Bench) -> str:
    """The short text under which the first words are spoken; empty while there is none."""
    calls = bench.place.calls
    instructions = rehearsed(bench, calls, began_at=timezone.now()) if calls else None
    return instructions.opening if instructions else ""
