"""What pages of stored rows share: whose rows they show, and that nothing is changed there."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy

from prompts.domain.roles import Right
from prompts.models import Business

from . import rights

Row = TypeVar("Row", bound=Model)

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as ModelAdmin
    from django.utils.functional import _StrPromise
else:

    class ModelAdmin(admin.ModelAdmin, Generic[Row]):
        """Django's own, which knows no type of its rows while it runs."""


def in_zone(words: "str | _StrPromise") -> "_StrPromise":
    """The head of a column of times, with the zone in which lists of all businesses tell them."""
    return format_lazy("{} ({})", words, settings.TIME_ZONE)


def told(at: datetime | None) -> str:
    """A time in such a column."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"


class ReadOnlyAdmin(ModelAdmin[Row], Generic[Row]):
    """Rows to look at, for superusers."""

    change_form_template = "admin/read_only.html"
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the page after its rows, since there is nothing to select."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row itself: it never changes, and what does change stands in the audit."""
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(page, args=[object_id]))

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Roles are about businesses, and these rows are about none."""
        return rights.person(request).is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the entry to whoever may open it."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from services, never from a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """History stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """History stays."""
        return False


class ScopedAdmin(ReadOnlyAdmin[Row], Generic[Row]):
    """Rows of businesses: each person sees those of the businesses where a role has ``right``.

    Rows that name no business are for superusers.
    """

    right: Right

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """All that the list, its filters and its pages can ever reach."""
        return rights.within(request, super().get_queryset(request), self.right)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row:
        """The row; 404 where it is missing or foreign, 403 where it takes another role."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            return row
        if object_id.isdecimal():
            hidden = self.model._default_manager.filter(pk=object_id).first()
            if hidden is not None:
                rights.require(request, _business_of(hidden), self.right)
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the missing role to whoever has it nowhere."""
        rights.require_somewhere(request, self.right)
        return super().changelist_view(request, extra_context)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """A role decides, and the list is for whoever has it in any business."""
        if obj is None:
            return rights.may_somewhere(request, self.right)
        return rights.may(request, _business_of(obj), self.right)


def _business_of(row: Model) -> Business | None:
    business: Business | None = getattr(row, "business", None)
    return business
