"""The history of a business's settings: who changed what, when and why, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts import past
from prompts.admin import rights
from prompts.admin.audit.words import ACTIONS
from prompts.admin.differences import Row
from prompts.admin.pages.page import history_url, own_url, show, way_to
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Business, Revision
from prompts.sentences import Sentence

from .differences import NAMES, TITLES, reached

PER_PAGE = 25
# Those whose page tells, call by call, what became of them.
TOLD = ("businesssettings", "businesshours", "business")


@dataclass(frozen=True, slots=True)
class Line:
    """One change as the list shows it."""

    entry: AuditEntry
    what: str
    values: list[Row]
    url: str
    calls_url: str


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """List the changes, of all kinds or of one."""
    business = rights.find_business(request, pk, Right.READ)
    chosen = request.GET.get("kind", "")
    entries = past.settings_changes(business)
    if chosen in NAMES:
        entries = entries.filter(object_type=NAMES[chosen])
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))
    return show(
        request,
        "admin/prompts/history.html",
        title=Sentence.of(_("History of the settings of %(business)s"), business=business.name),
        crumbs=way_to(business),
        business=business,
        tabs=_tabs(business, chosen),
        page=page,
        lines=lines(business, page.object_list),
        query=f"kind={chosen}" if chosen in NAMES else "",
    )


def lines(business: Business, entries: Iterable[AuditEntry]) -> list[Line]:
    """The changes in words; one query more, however many they are."""
    shown = list(entries)
    calls = revision_urls(business, shown)
    return [
        Line(
            entry=entry,
            what=action_of(entry),
            values=reached(entry),
            url=own_url("past_change", business.pk, entry.number),
            calls_url=calls.get(entry.number, ""),
        )
        for entry in shown
    ]


def revision_urls(business: Business, entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Where one reads what became of each change in calls, by the number of its entry."""
    told = [
        one.number
        for one in entries
        if one.object_type in TOLD and one.action != "business.created"
    ]
    found = Revision.objects.filter(business=business, audit_number__in=told)
    return {
        number: reverse("admin:prompts_revision_page", args=[pk])
        for number, pk in found.values_list("audit_number", "pk")
        if number is not None
    }


def action_of(entry: AuditEntry) -> str:
    """What was done, in plain words."""
    return str(ACTIONS.get(entry.action) or entry.action)


def _tabs(business: Business, chosen: str) -> list[tuple[str, str, bool]]:
    """Everything, and each kind alone."""
    kinds = [
        (str(title), history_url(business, name), name == chosen) for name, title in TITLES.items()
    ]
    return [(_("Everything"), history_url(business), chosen not in NAMES), *kinds]
