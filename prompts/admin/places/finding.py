"""From an address to the place that it names, for the pages of a prompt."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from prompts.admin import rights
from prompts.domain.kinds import Direction
from prompts.domain.roles import Right

from .business import AtBusiness

View = Callable[..., HttpResponse]


def at_business(view: View) -> View:
    """Let a page of a prompt answer for a business, of which the person sees something."""

    @wraps(view)
    def found(request: HttpRequest, pk: int, direction: Direction, **more: object) -> HttpResponse:
        business = rights.find_business(request, pk, Right.READ)
        return view(request, AtBusiness(business, direction), **more)

    return found
