"""The part of a page that tells what became of a change, and that a script asks again."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from prompts.admin import rights
from prompts.admin.pages.page import zone_of
from prompts.admin.window import CallEffect, Effect, Mark
from prompts.domain.roles import Right
from prompts.models import Business

SHOWN = 100
ALL = "all"  # in the address: show every call, however many they are
ATTENTION = (Mark.WRONG, Mark.WAITS)


def shown(request: HttpRequest, effect: Effect, business: Business | None) -> dict[str, object]:
    """What the template of an effect reads; without a business the calls are of all."""
    calls = effect.calls if ALL in request.GET else _first(effect.calls)
    return {
        "effect": replace(effect, calls=calls),
        "left_out": len(effect.calls) - len(calls),
        "names_business": business is None,
        "may_read_calls": rights.may(request, business, Right.READ_CALLS),
    }


def answer(request: HttpRequest, effect: Effect, business: Business | None) -> HttpResponse:
    """The part alone, for the script."""
    context = {**shown(request, effect, business), "zone": zone_of(business)}
    return TemplateResponse(request, "admin/prompts/outcomes/effect.html", context)


def poll_url(request: HttpRequest, url: str, *flags: str) -> str:
    """Where a page asks again, for as many calls as it shows."""
    names = [*flags, ALL] if ALL in request.GET else flags
    return f"{url}?{'&'.join(names)}" if names else url


def _first(calls: Sequence[CallEffect]) -> Sequence[CallEffect]:
    """All of a few calls as they came; of many, those first that need a look."""
    if len(calls) <= SHOWN:
        return calls
    return sorted(calls, key=lambda call: call.mark not in ATTENTION)[:SHOWN]
