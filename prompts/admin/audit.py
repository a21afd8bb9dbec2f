"""Who changed what, when and why: to read, to filter, never to touch."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from prompts.models import AuditEntry

from .base import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    """The one list of all changes."""

    list_display = ("at", "owner", "action", "actor_name", "reason", "number")
    list_display_links = ("at", "action")
    list_filter = (
        ("business", admin.RelatedOnlyFieldListFilter),
        "action",
        "actor_name",
        "at",
    )
    search_fields = ("reason", "request_id", "actor_name")
    list_per_page = 50
    list_select_related = ("business",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "owner",
        "number",
        "at",
        "actor_name",
        "action",
        "changed",
        "reason",
        "difference",
        "request_id",
        "fingerprint",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """The entries with the names of their businesses."""
        return super().get_queryset(request).select_related("business")

    @admin.display(description=_("Business"), ordering="business")
    def owner(self, entry: AuditEntry) -> str:
        """Whose chain the entry stands in."""
        return str(entry.business or _("The platform"))

    @admin.display(description=_("Object"))
    def changed(self, entry: AuditEntry) -> str:
        """The row that was changed."""
        return f"{entry.object_type} {entry.object_id}"

    @admin.display(description=_("What changed"))
    def difference(self, entry: AuditEntry) -> SafeString:
        """Each value that changed, as it was and as it is."""
        before, after = _values(entry.before), _values(entry.after)
        rows = [
            {"name": name, "before": before.get(name), "after": after.get(name)}
            for name in dict.fromkeys((*before, *after))
        ]
        return render_to_string("admin/prompts/difference.html", {"rows": rows})

    @admin.display(description=_("Fingerprint of the entry"))
    def fingerprint(self, entry: AuditEntry) -> SafeString:
        """The first digits of the entry's hash."""
        return format_html("<code>{}</code>", entry.hash[:12])


def _values(stored: str) -> dict[str, Any]:
    """What an entry stores as JSON; long hashes are cut to what a person compares."""
    values: dict[str, Any] = json.loads(stored)
    return {
        name: value[:12] if name == "sha256" and isinstance(value, str) else value
        for name, value in values.items()
    }
