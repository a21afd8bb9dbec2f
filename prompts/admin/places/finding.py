"""From an address or a slot to the place that it names."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from prompts.admin import rights
from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.models import Prompt

from .business import AtBusiness
from .place import Place
from .platform import AtPlatform
from .typist import refuse_stranger

View = Callable[..., HttpResponse]


def at_business(view: View) -> View:
    """Let a page of a prompt answer for a business, of which the person sees something."""

    @wraps(view)
    def found(request: HttpRequest, pk: int, direction: Direction, **more: object) -> HttpResponse:
        if refusal := refuse_stranger(request):
            return refusal
        business = rights.find_business(request, pk, Right.READ)
        return view(request, AtBusiness(business, direction), **more)

    return found


def at_platform(view: View) -> View:
    """Let the same page answer for the platform; the page itself asks who may see it."""

    @wraps(view)
    def found(request: HttpRequest, direction: Direction | None, **more: object) -> HttpResponse:
        return refuse_stranger(request) or view(request, AtPlatform(direction), **more)

    return found


def place_of(slot: Prompt) -> Place:
    """Where the texts of a slot are written; the slot comes with its business."""
    if slot.business is None:
        return AtPlatform(Direction(slot.direction) if slot.direction else None)
    return AtBusiness(slot.business, Direction(slot.direction))
