"""What a live call reads of the prompts, in threads that audio never waits for."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from calls.selectors import Standing, standing
from calls.threads import DatabaseThreads
from prompts import cache
from prompts.callers import read_profiles
from prompts.domain.kinds import Direction
from prompts.domain.layers import Wording
from prompts.domain.profile import BadProfile, Profile, parse_profile
from prompts.logs import event
from prompts.selectors import current_revision, read_wordings

logger = logging.getLogger(__name__)

READ_WITHIN = 3.0  # seconds; a slow database delays a change, never the audio
PROFILE_TRIES, PROFILE_WITHIN = 2, 0.7  # a call has 6 seconds from its start to the first sound

threads = DatabaseThreads(threads=4, waiting=500)
reconciling = DatabaseThreads(threads=1, waiting=1)


class ProfilesNotRead(DatabaseError):
    """What is known of callers could not be read, though the words could."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one business, per direction, all as of one revision.

    ``profiles`` holds what is known of ``callers``, as stored, by number.
    """

    wordings: Mapping[Direction, Wording]
    callers: Collection[str]  # those of whom something may have changed
    profiles: Mapping[str, str]
    committed_at: datetime | None

    def profile(self, caller: str) -> Profile:
        """What is known of one of the callers; raises `BadProfile`."""
        return parse_profile(self.profiles.get(caller, ""))


async def first_wording(business_id: int, direction: Direction, at_least: int) -> Wording:
    """The words for a call that starts: never older than the database's revision now."""

    def read() -> Wording:
        revision = max(current_revision(business_id), at_least)
        return cache.wording(business_id, direction, at_least=revision)

    return await threads.run(read, within=READ_WITHIN)


async def first_profile(business_id: int, caller: str, revision: int) -> Profile | None:
    """What is known of the caller of a call that starts; None when it could not be read, twice."""

    def read() -> Profile:
        found = read_profiles(business_id, {caller}, revision)
        return parse_profile(found.get(caller, ""))

    if not caller:
        return Profile()
    for attempt in range(1, PROFILE_TRIES + 1):
        try:
            return await threads.run(read, within=PROFILE_WITHIN)
        except (DatabaseError, TimeoutError, BadProfile) as error:
            report_unread("profile", business_id, revision, error, attempt=attempt)
    return None


def report_unread(
    what: str, business_id: int, revision: int, error: Exception, **facts: Any
) -> None:
    """One line of the log for words or profiles that could not be read."""
    event(
        logger,
        f"{what}.not_read",
        level=logging.WARNING,
        business_id=business_id,
        revision=revision,
        error=type(error.__cause__ or error).__name__,
        **facts,
    )


async def changed_wordings(
    business_id: int, directions: frozenset[Direction], callers: Mapping[str, int], at_least: int
) -> Reading:
    """The words for calls in progress: at least of the revision that was announced.

    ``callers`` says as of which revision each is known; only those of whom something may have
    changed since are read. At most three queries, whatever the number of calls. The profiles are
    read as of the very revision of the wordings, so a text is never put together of two revisions.
    """

    def read() -> Reading:
        wordings = cache.wordings(business_id, directions, at_least=at_least)
        changed = next(iter(wordings.values())).profiles_revision
        behind = frozenset(number for number, as_of in callers.items() if as_of < changed)
        return _with_profiles(wordings, behind)

    return await threads.run(read, within=READ_WITHIN)


async def fresh_wordings(
    business_id: int, directions: frozenset[Direction], callers: frozenset[str]
) -> Reading:
    """All of it as the database has it now, past the cache, which is emptied of it."""

    def read() -> Reading:
        cache.forget(business_id)
        return _with_profiles(read_wordings(business_id, directions), callers)

    return await threads.run(read, within=READ_WITHIN)


async def standing_of(business_ids: frozenset[int]) -> Standing:
    """What a reconcile asks, in a thread that nothing else can keep busy."""
    return await reconciling.run(lambda: standing(business_ids), within=READ_WITHIN)


def _with_profiles(wordings: Mapping[Direction, Wording], callers: frozenset[str]) -> Reading:
    """Add what is known of the callers as of the very revision of the wordings."""
    one = next(iter(wordings.values()))
    try:
        profiles = read_profiles(one.business_id, callers, one.revision)
    except DatabaseError as error:
        raise ProfilesNotRead from error
    return Reading(wordings, callers, profiles, one.committed_at)
