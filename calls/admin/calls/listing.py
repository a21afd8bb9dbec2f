"""The list of calls, narrowed by what is looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.domain.spelling import Excerpt, find_excerpt
from calls.finding import find, lines_with
from calls.models import Call, Tag, Turn
from calls.selectors import tags_by_call, tags_known
from calls.services.workers import close_what_was_left
from prompts.admin import rights
from prompts.admin.pages.page import home, show
from prompts.admin.reading import Look, note_list
from prompts.domain.roles import Right
from prompts.models import Business

from .access import calls_visible_to
from .paging import address, page_number
from .search import SearchForm
from .sought import hide, reveal
from .telling import customer_number, isolated, minutes, zone_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One call of the list, with the line in which the words were said."""

    call: Call
    zone: str
    customer: str  # the number at the other end
    duration: str
    tags: Sequence[str] = ()
    line: Turn | None = None
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a list that nobody counts: the rows, and whether there are others around them."""

    rows: Sequence[Row]
    number: int
    newer: str
    older: str

    @property
    def first(self) -> int:
        """The place of the first row in the whole list."""
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1


def listing(request: HttpRequest) -> HttpResponse:
    """The form and the calls that fit; while the form has a fault, no calls."""
    rights.require_somewhere(request, Right.READ_CALLS)
    close_what_was_left()
    if request.method == "POST":
        return HttpResponseRedirect(f"{request.path}?{hide(request, request.POST).urlencode()}")
    typed, is_lost = reveal(request)
    form = SearchForm(typed, rights.businesses(request, Right.READ_CALLS))
    stretch = _stretch(request, form) if form.is_valid() and not is_lost else None
    if stretch:
        _note_reads(request, [row.call for row in stretch.rows if row.excerpt])
    return show(
        request,
        "admin/calls/call_list.html",
        title=_("Calls"),
        crumbs=home(),
        form=form,
        is_lost=is_lost,
        conditions=list(form.conditions(request.GET)),
        stretch=stretch,
        one_zone=_one_zone(stretch.rows) if stretch else "",
        tags_known=tags_known(rights.within(request, Tag.objects.all(), Right.READ_CALLS)),
    )


def _stretch(request: HttpRequest, form: SearchForm) -> Stretch:
    """The page that was asked for, in four queries; one row more tells whether others follow."""
    search, number = form.search(), page_number(request)
    found = find(calls_visible_to(request), search, timezone.now())
    start = (number - 1) * PER_PAGE
    keys = list(found.values_list("pk", flat=True)[start : start + PER_PAGE + 1])
    shown = keys[:PER_PAGE]
    calls, tags = _with_versions(shown), tags_by_call(shown)
    lines = _lines_found(shown, search.words) if search.words else {}
    return Stretch(
        rows=[_row(calls[key], tags.get(key, []), lines.get(key), search.words) for key in shown],
        number=number,
        newer=address(request.GET, number - 1) if number > 1 else "",
        older=address(request.GET, number + 1) if len(keys) > PER_PAGE else "",
    )


def _row(call: Call, tags: Sequence[str], line: Turn | None, words: str) -> Row:
    excerpt = _isolated(find_excerpt(line.text, words)) if line else None
    length = minutes(call.duration_seconds)
    return Row(call, zone_of(call), customer_number(call), length, tags, line, excerpt)


def _isolated(excerpt: Excerpt | None) -> Excerpt | None:
    if excerpt is None:
        return None
    return Excerpt(isolated(excerpt.before), isolated(excerpt.words), isolated(excerpt.after))


def _with_versions(keys: Sequence[int]) -> Mapping[int, Call]:
    """These calls, each with the version of its newest answer."""
    answers = Turn.objects.filter(call=OuterRef("pk"), version__isnull=False)
    newest = answers.order_by("-position").values("version")[:1]
    calls: QuerySet[Call] = Call.objects.select_related("business").defer("settings")
    return calls.annotate(last_version=Subquery(newest)).in_bulk(list(keys))


def _lines_found(keys: Sequence[int], words: str) -> dict[int, Turn]:
    """The first line of each call in which the words were said."""
    lines = lines_with(words).filter(call__in=keys).order_by("call", "-position")
    return {line.call_id: line for line in lines.only("call", "position", "speaker", "text")}


def _note_reads(request: HttpRequest, calls: Sequence[Call]) -> None:
    """Words that were found are words that were read: an entry for each business."""
    by_business: dict[Business | None, list[str]] = {}
    for call in calls:
        by_business.setdefault(call.business, []).append(call.sid)
    for business, names in by_business.items():
        note_list(request, business, Look.WORDS_FOUND, "call", names)


def _one_zone(rows: Sequence[Row]) -> str:
    """The zone that all rows share, or nothing."""
    zones = {row.zone for row in rows}
    return zones.pop() if len(zones) == 1 else ""
