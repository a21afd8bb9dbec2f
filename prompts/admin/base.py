"""What pages of stored rows share: nothing is added, changed or deleted there."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst, format_lazy

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


class ReadOnlyAdmin(ModelAdmin[Row], Generic[Row]):
    """Rows to look at, for whoever has the right to view them."""

    change_form_template = "admin/read_only.html"
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name the page after its rows, since there is nothing to select."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from services, never from a form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """History stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """History stays."""
        return False
