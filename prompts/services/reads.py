"""Writing down who looked at what is known of callers.

Reads have a chain of their own: a look waits for no publish, and a publish for no look.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from prompts.domain.changes import link_hash
from prompts.models import Business, ReadEntry, ReadHead
from prompts.requests import current_request

from .audit import name_of


class Look(StrEnum):
    """What somebody looked at."""

    PROFILE = "profile.read"
    CALLERS = "callers.listed"
    TRANSCRIPT = "transcript.read"
    CALL_DOWNLOADED = "call.downloaded"
    WORDS_FOUND = "transcripts.searched"
    EXPORT = "audit.exported"


@dataclass(frozen=True, slots=True)
class Sight:
    """The row that was shown, and what helps to find it again; never what it says."""

    look: Look
    object_type: str
    object_id: str = ""
    detail: str = ""

    @classmethod
    def of(cls, look: Look, row: Model) -> "Sight":
        """The sight of one row."""
        return cls(look, row._meta.model_name or "", str(row.pk))


@transaction.atomic
def record_read(*, business: Business | None, sight: Sight, actor: User) -> ReadEntry:
    """Add an entry to the chain of reads; three short queries, and no lock of a business."""
    head, _made = ReadHead.objects.select_for_update().get_or_create(pk=1)
    entry = ReadEntry(
        number=head.count + 1,
        business=business,
        actor=actor,
        actor_name=name_of(actor),
        action=sight.look.value,
        object_type=sight.object_type,
        object_id=sight.object_id,
        detail=sight.detail,
        request_id=current_request.get()[:100],
        at=timezone.now(),
        previous_hash=head.head,
    )
    entry.hash = link_hash(entry.content, entry.previous_hash)
    entry.save(force_insert=True)
    head.count, head.head = entry.number, entry.hash
    head.save(update_fields=["count", "head"])
    return entry
