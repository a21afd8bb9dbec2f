"""The list of calls, and the page of one call with everything that was said."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.admin import live
from calls.models import Call
from prompts.admin.base import ReadOnlyAdmin


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin[Call]):
    """Calls to read, the newest first."""

    change_form_template = "admin/calls/call.html"
    change_list_template = "admin/calls/call_list.html"
    list_display = (
        "started_at",
        "business",
        "direction",
        "caller",
        "duration",
        "ending",
        "begun_under",
    )
    list_filter = (
        ("business", admin.RelatedOnlyFieldListFilter),
        "direction",
        "status",
        "started_at",
        "end_reason",
    )
    search_fields = ("sid", "from_number", "to_number")
    list_select_related = ("business",)
    list_per_page = 50
    show_full_result_count = False
    fields = ()

    @admin.display(description=gettext_lazy("From"), ordering="from_number")
    def caller(self, call: Call) -> SafeString:
        """Who called, read from the left in every script."""
        return format_html('<bdi dir="ltr">{}</bdi>', call.from_number)

    @admin.display(description=gettext_lazy("Duration"), ordering="duration_seconds")
    def duration(self, call: Call) -> str:
        """Minutes and seconds."""
        return minutes(call.duration_seconds)

    @admin.display(description=gettext_lazy("How it ended"), ordering="end_reason")
    def ending(self, call: Call) -> str:
        """The end as a sentence, or what is going on."""
        return call.end_sentence or call.get_status_display()

    @admin.display(description=gettext_lazy("Version at start"), ordering="version")
    def begun_under(self, call: Call) -> str:
        """The version that the call began under."""
        return f"v{call.version}" if call.version else "–"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a call; the number of queries does not depend on how long it was."""
        call = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if call is not None and self.has_view_permission(request, call):
            context |= page_of(call)
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        """The calls in progress have a page of their own."""
        return [*live.urls(self.admin_site.admin_view), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        """The calls with the names of their businesses."""
        return super().get_queryset(request).select_related("business")


def page_of(call: Call) -> dict[str, object]:
    """What the page of a call shows."""
    return {
        "title": _("Call of %(business)s")
        % {"business": call.business or _("an unknown business")},
        "subtitle": None,
        "call": call,
        "zone": call.business.time_zone if call.business else "UTC",
        "duration": minutes(call.duration_seconds),
        "turns": list(call.turns.order_by("position")),
        "receipts": list(call.receipts.order_by("revision", "committed_at")),
        "settings_lines": [(name, _plain(value)) for name, value in _settings(call).items()],
    }


def minutes(seconds: int | None) -> str:
    """``75`` as ``1:15``."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _settings(call: Call) -> dict[str, object]:
    """The stored settings of the session, whatever shape an older release gave them."""
    return call.settings if isinstance(call.settings, dict) else {"settings": call.settings}


def _plain(value: object) -> str:
    """A setting as a person writes it."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "–" if value in (None, "") else str(value)
