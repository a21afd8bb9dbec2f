"""Wordings kept warm; the database stays the truth, and a cache that fails is only a miss.

Each entry carries its revision and only a reader who asks for that very revision gets it. So a
slow writer can put an old wording back, and a backup of the database can be restored beside a
cache that has seen the future, but nobody will use either.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import TypeVar

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.base import BaseCache

from prompts import selectors
from prompts.domain.kinds import Channel, Direction, Layer
from prompts.domain.layers import Wording
from prompts.logs import event
from prompts.models import Business

logger = logging.getLogger(__name__)

FORMAT = 4  # raised when the shape of a wording changes, so that old entries are never read
KEEP_SECONDS = 3600
# After an error the cache is left alone: a frozen one would cost half a second each time.
PAUSE_SECONDS = 5.0
FORGET_AT_ONCE = 500

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Entry:
    """A wording and when it was stored, by the clock that all hosts share."""

    wording: Wording
    stored_at: float


def wording(
    business_id: int,
    direction: Direction,
    *,
    at_least: int,
    channel: Channel = Channel.CALLS,
) -> Wording:
    """The wording as of revision ``at_least``, or of the newest; raises `Business.DoesNotExist`."""
    return wordings(business_id, (direction,), at_least=at_least, channel=channel)[direction]


def wordings(
    business_id: int,
    directions: Collection[Direction],
    *,
    at_least: int,
    channel: Channel = Channel.CALLS,
) -> dict[Direction, Wording]:
    """The same for several directions, all of one revision."""
    found = _kept(business_id, directions, channel, at_least)
    if len(found) < len(directions) or len({one.revision for one in found.values()}) > 1:
        found = selectors.read_wordings(business_id, directions, channel)
        keep(*found.values())
    for one in found.values():
        event(logger, "prompt.load", at_least=at_least, **selectors.facts(one))
        _report_empty_slots(one)
    return found


@cache
def _store() -> BaseCache:
    """One for all threads and requests of the process.

    Django's own handle connects anew in each: five milliseconds of a publish's way (measured).
    """
    return caches.create_connection(DEFAULT_CACHE_ALIAS)


def peek(business_id: int, direction: Direction, channel: Channel = Channel.CALLS) -> Entry | None:
    """The entry as it lies there, however old; for whoever inspects the cache."""
    found = _outage.guard(lambda: _store().get(_key(business_id, direction, channel)))
    return found if isinstance(found, Entry) else None


def _kept(
    business_id: int, directions: Collection[Direction], channel: Channel, at_least: int
) -> dict[Direction, Wording]:
    """What the cache holds of the revision asked for, in one question."""
    keys = {_key(business_id, one, channel): one for one in directions}
    entries = _outage.guard(lambda: _store().get_many(keys)) or {}
    kept = {
        one: _usable(entries.get(key), business_id, one, channel, at_least)
        for key, one in keys.items()
    }
    return {one: found for one, found in kept.items() if found}


def forget(business_id: int | None, *, before: int | None = None) -> None:
    """Drop the entries of one business that are older than a revision, or all of it, or of all.

    Only hygiene, since readers state a revision.
    """
    ids = Business.objects.values_list("pk", flat=True) if business_id is None else (business_id,)
    done = [_outage.guard(partial(_delete, keys, before)) for keys in _batches(ids)]
    if all(done):
        event(logger, "prompt.cache_forgotten", business_id=business_id)


class Outage:
    """Remembers that the cache is away: one line in the log, and a pause between tries."""

    def __init__(self) -> None:
        """Begin with a cache that works."""
        self.lock = Lock()
        self.away = False
        self.next_try = 0.0

    def guard(self, operation: Callable[[], Result]) -> Result | None:
        """The operation's result, or None while the cache is away."""
        if self.away and time.monotonic() < self.next_try:
            return None
        try:
            result = operation()
        except Exception as error:  # noqa: BLE001  # whatever a backend raises is a miss
            self._went(error)
            return None
        self._came_back()
        return result

    def _went(self, error: Exception) -> None:
        """Start or lengthen the pause."""
        with self.lock:
            self.next_try = time.monotonic() + PAUSE_SECONDS
            if not self.away:
                logger.warning(
                    "The cache is away (%s); reading from the database.", type(error).__name__
                )
            self.away = True

    def _came_back(self) -> None:
        """End the outage, if there was one."""
        if self.away:
            with self.lock:
                if self.away:
                    logger.warning("The cache is back.")
                self.away = False


_outage = Outage()


def _key(business_id: int, direction: Direction, channel: Channel) -> str:
    """One entry per business, direction and channel: nothing is shared between them."""
    return f"wording:{FORMAT}:{business_id:d}:{direction.value}:{channel.value}"


def _usable(
    entry: object, business_id: int, direction: Direction, channel: Channel, at_least: int
) -> Wording | None:
    """The entry's wording if it is what the key says, and of the revision that is asked for."""
    if not isinstance(entry, Entry):
        return None
    found = entry.wording
    place = (found.business_id, found.direction, found.channel)
    if place != (business_id, direction, channel) or found.revision != at_least:
        return None
    age = round(max(time.time() - entry.stored_at, 0), 3)
    event(logger, "prompt.cache_hit", age=age, **selectors.facts(found))
    return found


def _delete(keys: list[str], before: int | None) -> bool:
    """Drop the entries, those of revision ``before`` and later excepted."""
    kept = _store().get_many(keys) if before is not None else {}
    newer = {key for key, entry in kept.items() if _is_newer(entry, before or 0)}
    _store().delete_many([key for key in keys if key not in newer])
    return True


def _is_newer(entry: object, revision: int) -> bool:
    return isinstance(entry, Entry) and entry.wording.revision >= revision


def keep(*found: Wording) -> None:
    """Store wordings; one that is old by now is of use to nobody, and harms nobody."""
    now = time.time()
    entries = {_key(one.business_id, one.direction, one.channel): Entry(one, now) for one in found}

    def store() -> bool:
        _store().set_many(entries, KEEP_SECONDS)
        return True

    if _outage.guard(store):
        for one in found:
            event(logger, "prompt.cache_set", **selectors.facts(one))


def _report_empty_slots(found: Wording) -> None:
    """One line for each slot without a version: calls cannot be answered."""
    slots = (
        (Layer.UNIVERSAL, found.universal),
        (Layer.BUSINESS, found.business),
        (Layer.CALL_TYPE, found.call_type),
    )
    for layer, releases in slots:
        if not releases:
            event(
                logger,
                "prompt.missing",
                level=logging.WARNING,
                layer=layer,
                **selectors.facts(found),
            )


def _batches(business_ids: Iterable[int]) -> Iterable[list[str]]:
    """The keys of the businesses, so many at a time that one command stays short."""
    keys = [
        _key(pk, direction, channel)
        for pk in business_ids
        for direction in Direction
        for channel in Channel
    ]
    for start in range(0, len(keys), FORGET_AT_ONCE):
        yield keys[start : start + FORGET_AT_ONCE]
