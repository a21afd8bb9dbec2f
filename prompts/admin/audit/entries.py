"""Who changed what, when and why."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from prompts.admin.differences import Row
from prompts.admin.outcomes.change import outcome_url
from prompts.models import AuditEntry

from .difference import changes_of
from .trails import TrailAdmin
from .words import ACTIONS, THINGS


@admin.register(AuditEntry)
class AuditEntryAdmin(TrailAdmin[AuditEntry]):
    """The one list of all changes."""

    title = _("Audit")
    actions_named = ACTIONS
    things = THINGS
    search = ("reason", "request_id")
    columns = (
        *("number", "business_id", "business", "at", "actor_id", "actor_name", "action"),
        *("object_type", "object_id", "before", "after", "reason", "request_id"),
        *("previous_hash", "hash"),
    )
    file_name = "audit"

    def reason(self, entry: AuditEntry) -> str:
        """Why somebody made the change."""
        return entry.reason

    def changes(self, entry: AuditEntry) -> list[Row]:
        """Each value as it was and as it is."""
        return changes_of(entry)

    def outcome_url(self, entry: AuditEntry) -> str:
        """The page that shows how calls in progress took the change."""
        return outcome_url(entry)
