"""Who looked at what is known of callers."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prompts.models import ReadEntry

from .trails import TrailAdmin
from .words import LOOKS, SEEN


@admin.register(ReadEntry)
class ReadEntryAdmin(TrailAdmin[ReadEntry]):
    """The one list of all reads."""

    title = _("Reads of callers")
    actions_named = LOOKS
    things = SEEN
    search = ("request_id",)
    columns = (
        *("number", "business_id", "business", "at", "actor_id", "actor_name", "action"),
        *("object_type", "object_id", "detail", "request_id", "previous_hash", "hash"),
    )
    file_name = "reads"

    def detail(self, entry: ReadEntry) -> str:
        """What exactly somebody read."""
        return entry.detail

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The list of changes leads here."""
        return False
