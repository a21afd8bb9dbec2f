"""Who changed what, when and why: to read, to filter, never to touch."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Prompt

from .base import ScopedAdmin, in_zone
from .outcomes.change import outcome_url
from .pages.versions import slot_title

ACTIONS = {
    "business.created": _("Business added"),
    "business.changed": _("Details changed"),
    "number.added": _("Phone number added"),
    "number.removed": _("Phone number removed"),
    "settings.changed": _("Settings changed"),
    "agent.paused": _("Agent paused"),
    "agent.resumed": _("Agent resumed"),
    "hours.changed": _("Opening hours changed"),
    "profile.changed": _("Caller's profile changed"),
    "profile.erased": _("Caller erased"),
    "account.created": _("Account made"),
    "account.changed": _("Account changed"),
    "account.deleted": _("Account deleted"),
    "account.password_set": _("Password chosen"),
    "person.invited": _("Person invited"),
    "role.given": _("Role given"),
    "role.taken": _("Role taken away"),
    "token.created": _("API token made"),
    "token.revoked": _("API token revoked"),
    "prompt.published": _("Prompt published"),
    "prompt.restored": _("Prompt restored"),
    "prompt.taken_back": _("Prompt taken back"),
    "prompt.imported": _("Prompt imported"),
    "prompt.offered": _("Old prompt offered, not published"),
    "prompt.stored": _("WhatsApp text stored"),
    "platform.published": _("Platform prompt published"),
}


class ActionFilter(admin.AllValuesFieldListFilter):
    """The actions that there are, in plain words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Each action once."""
        for choice in super().choices(changelist):
            name = str(choice["display"])
            yield {**choice, "display": str(ACTIONS.get(name) or name)}


class PersonFilter(admin.AllValuesFieldListFilter):
    """Everybody who has changed something."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Name the filter after what it asks for."""
        super().__init__(*arguments, **options)
        self.title = str(_("person"))


class DateFilter(admin.DateFieldListFilter):
    """When it happened."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Name the filter after what it asks for."""
        super().__init__(*arguments, **options)
        self.title = str(_("time"))


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin[AuditEntry]):
    """The one list of all changes."""

    right = Right.READ_AUDIT
    list_display = ("when", "owner", "what", "actor_name", "reason", "number")
    list_display_links = ("when", "what")
    list_filter = (
        ("business", admin.RelatedOnlyFieldListFilter),
        ("action", ActionFilter),
        ("actor_name", PersonFilter),
        ("at", DateFilter),
    )
    search_fields = ("reason", "request_id", "actor_name")
    list_per_page = 50
    list_select_related = ("business",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "owner",
        "number",
        "when",
        "actor_name",
        "what",
        "changed",
        "reason",
        "difference",
        "outcome",
        "request_id",
        "fingerprint",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """The entries with the names of their businesses."""
        return super().get_queryset(request).select_related("business")

    @admin.display(description=in_zone(_("Time")), ordering="at")
    def when(self, entry: AuditEntry) -> datetime:
        """When it happened."""
        return entry.at

    @admin.display(description=_("Action"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        """The action in plain words; one of a newer release keeps its own name."""
        return str(ACTIONS.get(entry.action) or entry.action)

    @admin.display(description=_("Business"), ordering="business")
    def owner(self, entry: AuditEntry) -> str:
        """Whose chain the entry stands in."""
        return str(entry.business or _("The platform"))

    @admin.display(description=_("Object"))
    def changed(self, entry: AuditEntry) -> str:
        """What was changed, as staff call it."""
        if entry.object_type == "prompt":
            slot = Prompt.objects.select_related("business").filter(pk=entry.object_id).first()
            return _slot(slot) if slot else str(_("A prompt"))
        things = {
            "business": _("Details of %(owner)s"),
            "businesssettings": _("Settings of %(owner)s"),
            "phonenumber": _("Phone number of %(owner)s"),
        }
        if entry.business is None or entry.object_type not in things:
            return f"{entry.object_type} {entry.object_id}"
        return str(things[entry.object_type] % {"owner": entry.business.name})

    @admin.display(description=_("What changed"))
    def difference(self, entry: AuditEntry) -> SafeString:
        """Each value that changed, as it was and as it is."""
        before, after = _values(entry.before), _values(entry.after)
        rows = [
            {
                "name": _label(entry.object_type, name),
                "before": before.get(name),
                "after": after.get(name),
            }
            for name in dict.fromkeys((*before, *after))
        ]
        return render_to_string("admin/prompts/difference.html", {"rows": rows})

    @admin.display(description=_("What became of it"))
    def outcome(self, entry: AuditEntry) -> SafeString | str:
        """The page that shows how calls in progress took the change."""
        url = outcome_url(entry)
        return format_html('<a href="{}">{}</a>', url, _("See it call by call")) if url else "–"

    @admin.display(description=_("Fingerprint of the entry"))
    def fingerprint(self, entry: AuditEntry) -> SafeString:
        """The first digits of the entry's hash."""
        return format_html("<code>{}</code>", entry.hash[:12])


def _slot(slot: Prompt) -> str:
    """A slot in one phrase, with its business."""
    if slot.business is None:
        return capfirst(slot_title(slot))
    names = {
        Direction.INBOUND: _("Inbound prompt of %(owner)s"),
        Direction.OUTBOUND: _("Outbound prompt of %(owner)s"),
    }
    return str(names[Direction(slot.direction)] % {"owner": slot.business.name})


def _label(object_type: str, name: str) -> str:
    """What forms call a value; some, such as a version, are no field of the row."""
    try:
        field = apps.get_model("prompts", object_type)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return name
    return str(getattr(field, "verbose_name", name))


def _values(stored: str) -> dict[str, Any]:
    """What an entry stores as JSON; long hashes are cut to what a person compares."""
    values: dict[str, Any] = json.loads(stored)
    return {
        name: value[:12] if name == "sha256" and isinstance(value, str) else value
        for name, value in values.items()
    }
