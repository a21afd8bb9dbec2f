"""The complete instructions before anything is published, as the voice service would get them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.admin.places.place import Place
from prompts.domain.kinds import Layer
from prompts.domain.layers import Instructions
from prompts.domain.profile import Profile
from prompts.domain.roles import Right
from prompts.domain.scripts import estimate_tokens, writing_direction

from .bench import Bench, open_bench
from .header import show_bench
from .rehearsing import NOBODY, rehearsed

# Nobody's: it shows how a caller's card is told.
SAMPLE = Profile(
    name="Dana Levi",
    form_of_address="Mrs. Levi",
    language="he",
    pace="slow",
    preferences=("Morning appointments",),
    remembered_facts=("Asked about parking in the last call",),
)
TITLES = {
    Layer.UNIVERSAL: gettext_lazy("For every business: how each call is conducted"),
    Layer.BUSINESS: gettext_lazy("Your prompt"),
    Layer.CALL_TYPE: gettext_lazy("For every business: who called whom"),
    Layer.CONTEXT: gettext_lazy("This one call: its time, opening hours and the caller"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One layer as the page shows it."""

    number: int
    title: str
    is_own: bool
    text: str
    direction: str
    characters: int
    tokens: int


def preview(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the layers one by one; those of the platform can be read and not changed here."""
    bench = open_bench(request, place, Right.READ)
    knows_caller = request.GET.get("caller") != "unknown"
    caller = SAMPLE if knows_caller else NOBODY
    calls, now = place.calls, timezone.now()
    instructions = rehearsed(bench, calls, began_at=now, caller=caller) if calls else None
    return show_bench(
        request,
        bench,
        "preview",
        title=_("Preview"),
        knows_caller=knows_caller,
        instructions=instructions,
        sheets=_sheets(bench, instructions) if instructions else [],
        characters=len(instructions.text) if instructions else 0,
        tokens=estimate_tokens(instructions.text) if instructions else 0,
        points=[one for one in bench.points() if one.finding.blocks],
    )


def _sheets(bench: Bench, instructions: Instructions) -> list[Sheet]:
    return [
        Sheet(
            number=number,
            title=str(TITLES[part.layer]),
            is_own=part.layer is Layer.BUSINESS,
            text=part.text,
            direction=writing_direction(part.text, bench.place.language),
            characters=len(part.text),
            tokens=estimate_tokens(part.text),
        )
        for number, part in enumerate(instructions.parts, start=1)
    ]
