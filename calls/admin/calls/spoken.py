"""The page of all that was spoken under a version, also one that was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from calls.models import Call, Turn
from calls.spoken import Stand, answers_under, calls_under, counts_of, first_of, stands_of
from prompts.admin import rights
from prompts.admin.pages.page import Crumb, show
from prompts.admin.pages.versions import slot_title, version_url, way_to_slot
from prompts.admin.reading import Look, note_list
from prompts.domain.roles import Right
from prompts.models import Business, PromptVersion

from .lines import heard_and_unheard
from .paging import address, page_number
from .telling import customer_number, isolated, masked

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a call."""

    turn: Turn
    heard: SafeString
    unheard: SafeString


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call with its answers; without their words for whoever may not read calls."""

    call: Call
    customer: str
    count: int
    said: Sequence[Said]

    @property
    def left_out(self) -> int:
        """How many answers are not shown here."""
        return self.count - len(self.said)


def spoken(request: HttpRequest, version_pk: int) -> HttpResponse:
    """The calls and the answers that stood under a version, the newest first."""
    version = _find(request, version_pk)
    business = version.prompt.business
    if business is None:
        raise Http404
    stands = stands_of(version)
    chosen = next((one for one in stands if str(one.begun.pk) == request.GET.get("release")), None)
    number = page_number(request)
    rows, has_more = _rows(request, version, business, chosen, number)
    title = _("What was spoken under v%(number)d of %(slot)s")
    return show(
        request,
        "admin/calls/spoken.html",
        title=title % {"number": version.number, "slot": slot_title(version.prompt)},
        crumbs=[
            *way_to_slot(version.prompt),
            Crumb(f"v{version.number}", version_url(version.pk)),
        ],
        business=business,
        version=version,
        stands=stands,
        chosen=chosen,
        may_read=rights.may(request, business, Right.READ_CALLS),
        rows=rows,
        newer=address(request.GET, number - 1) if number > 1 else "",
        older=address(request.GET, number + 1) if has_more else "",
    )


def _find(request: HttpRequest, pk: int) -> PromptVersion:
    """The version, for whoever may see its slot."""
    rows = PromptVersion.objects.select_related("prompt__business").defer("text", "greeting")
    version = get_object_or_404(rows, pk=pk)
    rights.require(request, version.prompt.business, Right.READ)
    return version


def _rows(
    request: HttpRequest,
    version: PromptVersion,
    business: Business,
    stand: Stand | None,
    number: int,
) -> tuple[list[Spoken], bool]:
    """One page of calls, and whether others follow; words only for whoever may read them."""
    answers = answers_under(version, stand)
    start = (number - 1) * PER_PAGE
    calls = calls_under(answers, Call.objects.filter(business=business))
    found = list(calls[start : start + PER_PAGE + 1])
    shown = found[:PER_PAGE]
    counts = counts_of(answers, shown)
    may_read = rights.may(request, business, Right.READ_CALLS)
    turns = first_of(answers, shown) if may_read else {}
    if turns:
        note_list(request, business, Look.WORDS_FOUND, "call", [call.sid for call in shown])
    rows = [
        Spoken(
            call=call,
            customer=customer_number(call) if may_read else masked(customer_number(call)),
            count=counts.get(call.pk, 0),
            said=[_said(turn) for turn in turns.get(call.pk, [])],
        )
        for call in shown
    ]
    return rows, len(found) > PER_PAGE


def _said(turn: Turn) -> Said:
    heard, unheard = heard_and_unheard(turn)
    return Said(turn, isolated(heard), isolated(unheard))
