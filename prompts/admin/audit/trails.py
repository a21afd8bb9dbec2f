"""The pages of a trail of entries: a list with filters, one entry, and the list as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from prompts.admin import rights
from prompts.admin.base import ScopedAdmin
from prompts.admin.differences import Row
from prompts.admin.pages.page import Crumb, home, show
from prompts.domain.changes import canonical_json
from prompts.domain.roles import Right
from prompts.models import Business, Prompt
from prompts.services.reads import Look, Sight, record_read

from .export import file_of
from .filters import TrailForm
from .words import slot_name

Entry = TypeVar("Entry", bound=Model)
PER_PAGE = 50
ENDINGS = ("csv", "json")
TABS = (
    ("auditentry", gettext_lazy("Changes")),
    ("readentry", gettext_lazy("Reads of callers")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it."""

    entry: Any
    what: str
    thing: str


class TrailAdmin(ScopedAdmin[Entry], Generic[Entry]):
    """Entries that are only ever read; the pages are ours, the addresses Django's."""

    right = Right.READ_AUDIT
    title: Promise
    actions_named: Mapping[str, Promise]
    things: Mapping[str, Promise]
    search: tuple[str, ...]
    columns: tuple[str, ...]
    file_name: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """The entries with the names of their businesses."""
        return super().get_queryset(request).select_related("business")

    def get_urls(self) -> list[URLPattern]:
        """The file beside the list."""
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        export = path("export/<str:ending>/", wrap(self.export_view), name=f"prompts_{name}_export")
        return [export, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; a wrong filter shows nothing but its sentence."""
        rights.require_somewhere(request, self.right)
        form = self._form(request)
        rows = form.found(self.get_queryset(request), self.search).order_by("-pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        return show(
            request,
            "admin/prompts/trail.html",
            title=str(self.title),
            crumbs=home(),
            business=form.chosen_business,
            form=form,
            page=page,
            lines=self.lines(page.object_list),
            query=_query_without(request, "p"),
            exports=self._exports(request) if form.is_valid() else (),
            tabs=self._tabs(form),
            model_name=self.opts.model_name,
        )

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """What the list shows, as a file; that somebody took it is written down first."""
        rights.require_somewhere(request, self.right)
        form = self._form(request)
        if ending not in ENDINGS:
            raise Http404
        if not form.is_valid():
            return self.changelist_view(request)
        rows = form.found(self.get_queryset(request), self.search)
        detail = canonical_json({**form.described(), "file": ending})
        self._note_export(request, rows, Sight(Look.EXPORT, self.opts.model_name or "", "", detail))
        return file_of(request, rows, self.columns, name=self.file_name, ending=ending)

    def _note_export(self, request: HttpRequest, rows: QuerySet[Any], sight: Sight) -> None:
        """One entry for each business whose entries the file holds, where its owners see it."""
        held = rows.order_by().values_list("business", flat=True).distinct()
        businesses = Business.objects.in_bulk([pk for pk in held if pk is not None])
        for business in businesses.values() or [None]:
            record_read(business=business, sight=sight, actor=rights.person(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One entry, with what it changed."""
        if request.method == "POST":
            raise PermissionDenied
        entry: Any = self.get_object(request, object_id)
        (line,) = self.lines([entry])
        return show(
            request,
            "admin/prompts/audit_entry.html",
            title=line.what,
            crumbs=[*home(), Crumb(str(self.title), self._url())],
            business=entry.business,
            line=line,
            list_url=self._url(),
            reason=self.reason(entry),
            detail=self.detail(entry),
            changes=self.changes(entry),
            outcome_url=self.outcome_url(entry),
        )

    def reason(self, entry: Entry) -> str:
        """Why somebody made a change."""
        return ""

    def detail(self, entry: Entry) -> str:
        """What exactly somebody read."""
        return ""

    def changes(self, entry: Entry) -> list[Row]:
        """Each value as it was and as it is."""
        return []

    def outcome_url(self, entry: Entry) -> str:
        """The page that shows how calls in progress took the change, or nothing."""
        return ""

    def lines(self, entries: Any) -> list[Line]:
        """The entries in words; one query more, however many there are."""
        ids = {entry.object_id for entry in entries if entry.object_type == "prompt"}
        slots = {str(slot.pk): slot for slot in Prompt.objects.filter(pk__in=ids)}
        return [
            Line(entry, self.what(entry), self.thing(entry, slots.get(entry.object_id)))
            for entry in entries
        ]

    def what(self, entry: Any) -> str:
        """The action in plain words; one of a newer release keeps its own name."""
        return str(self.actions_named.get(entry.action) or entry.action)

    def thing(self, entry: Any, slot: Prompt | None) -> str:
        """What it is about, as staff call it."""
        if slot is not None and entry.object_type == "prompt":
            return slot_name(slot)
        return str(self.things.get(entry.object_type) or entry.object_type)

    def _form(self, request: HttpRequest) -> TrailForm:
        rows = self.get_queryset(request).order_by()
        names = rows.values_list("actor_name", flat=True).distinct()
        return TrailForm(
            request.GET,
            businesses=list(rights.businesses(request, self.right)),
            people=sorted(names),
            things=self.things,
            actions=self.actions_named,
            sees_platform=rights.person(request).is_superuser,
        )

    def _url(self, name: str = "changelist", *arguments: str) -> str:
        return reverse(f"admin:prompts_{self.opts.model_name}_{name}", args=arguments)

    def _exports(self, request: HttpRequest) -> list[tuple[str, str]]:
        query = _query_without(request, "p")
        return [(one.upper(), f"{self._url('export', one)}?{query}") for one in ENDINGS]

    def _tabs(self, form: TrailForm) -> list[tuple[str, str, bool]]:
        chosen = form.chosen_business
        query = f"?business={chosen.pk}" if chosen else ""
        return [
            (str(label), reverse(f"admin:prompts_{name}_changelist") + query, self._is(name))
            for name, label in TABS
        ]

    def _is(self, name: str) -> bool:
        return self.opts.model_name == name


def _query_without(request: HttpRequest, name: str) -> str:
    """The address's query without one of its parts, and without what is empty."""
    query = request.GET.copy()
    query.pop(name, None)
    for key in [key for key in query if not query[key]]:
        del query[key]
    return query.urlencode()
