"""The changes that a call was told of: who made each, why, and what it moved."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calls.models import Call
from prompts.domain.kinds import Channel
from prompts.models import AuditEntry, Release, Revision

# The entry of a change is written in its transaction, right after its revision.
WRITTEN_WITHIN = timedelta(seconds=30)
LONG_BEFORE = timedelta(hours=1)  # such changes are only looked up where they moved a slot


@dataclass(frozen=True, slots=True)
class Change:
    """One raise of the revision, with the release or the audit entry that it came with."""

    revision: int
    cause: str
    at: datetime
    release: Release | None = None  # of the call's own direction, or of the platform
    entry: AuditEntry | None = None

    @property
    def actor_name(self) -> str:
        """Who made it."""
        by = self.release or self.entry
        return by.actor_name if by else ""

    @property
    def reason(self) -> str:
        """Why, in the words of whoever made it."""
        by = self.release or self.entry
        return by.reason if by else ""

    @property
    def values(self) -> list[tuple[str, Any, Any]]:
        """Each value that changed, before and after; prompts and profiles say nothing here."""
        if self.entry is None or self.entry.action.startswith(("prompt.", "profile.", "platform.")):
            return []
        before, after = json.loads(self.entry.before), json.loads(self.entry.after)
        return [(name, before.get(name), after.get(name)) for name in {**before, **after}]


def changes_of(call: Call, revisions: Collection[int]) -> dict[int, Change]:
    """The changes behind these revisions of the call's business, by number; four queries."""
    if call.business_id is None or not revisions:
        return {}
    rows = Revision.objects.filter(business=call.business_id, number__in=revisions)
    raised = sorted(rows, key=lambda row: row.number)
    releases = _releases(call, raised)
    entries = _entries(call, raised)
    return {
        row.number: Change(
            revision=row.number,
            cause=row.cause,
            at=row.created_at,
            release=releases.get(row.number),
            entry=entries.get(row.number),
        )
        for row in raised
    }


def _releases(call: Call, raised: Collection[Revision]) -> dict[int, Release]:
    """The moves that these revisions came with, as far as calls of this direction read them."""
    rows = Release.objects.select_related("prompt", "from_version", "to_version")
    own = rows.filter(
        prompt__business=call.business_id,
        prompt__direction=call.direction,
        prompt__channel=Channel.CALLS.value,
        revision__in=[row.number for row in raised],
    )
    of_platform = {row.platform_revision: row.number for row in raised if row.platform_revision}
    shared = rows.filter(prompt__business=None, revision__in=of_platform)
    return {
        **{of_platform[one.revision]: one for one in shared},
        **{one.revision: one for one in own},
    }


def _entries(call: Call, raised: Collection[Revision]) -> Mapping[int, AuditEntry]:
    """The audit entry of each: the first after it, because one lock orders both.

    What the platform raised has its entry in the platform's chain, and is told by its release.
    """
    own = [row for row in raised if row.platform_revision is None]
    recent = [row for row in own if row.created_at > call.started_at - LONG_BEFORE]
    if not recent:
        return {}
    times = [row.created_at for row in recent]
    rows = AuditEntry.objects.filter(
        business=call.business_id, at__gte=min(times), at__lte=max(times) + WRITTEN_WITHIN
    )
    entries = list(rows.order_by("number"))
    found = {}
    for row in recent:
        entry = next((one for one in entries if one.at >= row.created_at), None)
        if entry is not None and entry.at <= row.created_at + WRITTEN_WITHIN:
            found[row.number] = entry
    return found
