"""The complete instructions before anything is published, as the voice service would get them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.admin.places.place import Place
from prompts.domain.kinds import Layer
from prompts.domain.layers import Instructions, Part
from prompts.domain.roles import Right
from prompts.domain.scripts import estimate_tokens, writing_direction
from prompts.domain.unspeakable import Unspeakable

from .bench import Bench, open_bench
from .header import show_bench
from .obstacles import Obstacle, obstacle
from .rehearsing import OwnFault, rehearsed
from .sampling import SAMPLE, Sample, sample

TITLES = {
    Layer.UNIVERSAL: gettext_lazy("For every business: how each call is conducted"),
    Layer.BUSINESS: gettext_lazy("The business's own prompt"),
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
    """Show the layers one by one; those that stand elsewhere can be read and not changed here."""
    bench = open_bench(request, place, Right.READ)
    one = sample(request, place)
    instructions, missing = _rehearsed(request, bench, one)
    language = one.calls.business.language if one.calls else ""
    return show_bench(
        request,
        bench,
        "preview",
        title=_("Preview"),
        sample=one,
        sample_name=SAMPLE.name,
        instructions=instructions,
        sheets=_sheets(place, instructions, language) if instructions else [],
        characters=len(instructions.text) if instructions else 0,
        tokens=estimate_tokens(instructions.text) if instructions else 0,
        missing=missing,
        points=[one for one in bench.points() if one.finding.blocks],
    )


def _rehearsed(
    request: HttpRequest, bench: Bench, one: Sample
) -> tuple[Instructions | None, Obstacle | None]:
    """What the call would be told, or what is missing; neither where the text has faults itself."""
    if one.calls is None:
        return None, None
    try:
        return rehearsed(bench, one.calls, began_at=timezone.now(), caller=one.caller), None
    except OwnFault:
        return None, None
    except Unspeakable as error:
        return None, obstacle(request, error, one.calls)


def _sheets(place: Place, instructions: Instructions, language: str) -> list[Sheet]:
    return [
        Sheet(
            number=number,
            title=_title(place, part),
            is_own=part.layer is place.layer,
            text=part.text,
            direction=writing_direction(part.text, language),
            characters=len(part.text),
            tokens=estimate_tokens(part.text),
        )
        for number, part in enumerate(instructions.parts, start=1)
    ]


def _title(place: Place, part: Part) -> str:
    """What a layer is, to whoever writes here."""
    if part.layer is place.layer is Layer.BUSINESS:
        return _("Your prompt")
    return str(TITLES[part.layer])
