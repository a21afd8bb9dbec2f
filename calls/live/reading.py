"""What a live call reads of the prompts, in threads that audio never waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calls.threads import DatabaseThreads
from prompts import cache
from prompts.domain.kinds import Direction
from prompts.domain.layers import Wording
from prompts.models import Revision
from prompts.selectors import current_revision, revisions

READ_WITHIN = 3.0  # seconds; a slow database delays a change, never the audio

threads = DatabaseThreads(threads=4, waiting=500)


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one business, per direction, and when their revision was made."""

    wordings: Mapping[Direction, Wording]
    committed_at: datetime | None


async def first_wording(business_id: int, direction: Direction, at_least: int) -> Wording:
    """The words for a call that starts: never older than the database's revision now."""

    def read() -> Wording:
        revision = max(current_revision(business_id), at_least)
        return cache.wording(business_id, direction, at_least=revision)

    return await threads.run(read, within=READ_WITHIN)


async def changed_wordings(
    business_id: int, directions: frozenset[Direction], at_least: int
) -> Reading:
    """The words for calls in progress: at least of the revision that was announced."""

    def read() -> Reading:
        wordings = {
            direction: cache.wording(business_id, direction, at_least=at_least)
            for direction in directions
        }
        newest = max(wording.revision for wording in wordings.values())
        return Reading(wordings, _made_at(business_id, newest))

    return await threads.run(read, within=READ_WITHIN)


async def newest_revisions(business_ids: frozenset[int]) -> Mapping[int, int]:
    """The revision of each business with live calls: the one reconcile query."""
    return await threads.run(lambda: revisions(business_ids), within=READ_WITHIN)


def _made_at(business_id: int, revision: int) -> datetime | None:
    rows = Revision.objects.filter(business_id=business_id, number=revision)
    return rows.values_list("created_at", flat=True).first()
