"""Proving that nobody is served stale or foreign words, in a slot that no call ever hears."""

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_hex

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from prompts import cache
from prompts.domain.kinds import Apply, Channel, Direction, Layer
from prompts.domain.layers import Wording
from prompts.models import Business, Prompt, Release
from prompts.selectors import current_revision, current_versions

from .audit import Change, record
from .revision import lock_business, raise_revision
from .slots import Move, Text, describe, move_slot, write_version

PLACE = (Direction.INBOUND, Channel.TEST)
RESTING = "Nobody hears this text. It stands where freshness is checked."
REASON = "A check of freshness"


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the check: what was looked at, and whether it is as it must be."""

    name: str
    good: bool
    sentence: str


def check_freshness(
    *, business: Business, actor: User | None, readable: QuerySet[Business] | None = None
) -> list[Finding]:
    """Warm the cache, publish a marked copy beside it, read, and take it back.

    Of other businesses only the ``readable`` ones are read; without them, every one.
    Raises the revision of the business three times, which its calls find unchanged.
    """
    mark = f"Freshness {token_hex(8)}."
    words = current_versions(business)[Direction.INBOUND]
    _put(business, RESTING, Release.Kind.PUBLISH, actor)
    old = _read(business)  # the cache is warm
    copy = f"{words.text if words else RESTING}\n\n{mark}"
    _put(business, copy, Release.Kind.PUBLISH, actor)
    try:
        findings = [_fresh(business, mark), _late_writer(business, mark, old)]
        others = Business.objects.all() if readable is None else readable
        findings += _foreign(others, mark)
    finally:
        _put(business, RESTING, Release.Kind.TAKE_BACK, actor)
    return [*findings, _taken_back(business, mark)]


def _put(business: Business, text: str, kind: Release.Kind, actor: User | None) -> None:
    """Put a text in force in the test slot, as every publish does."""
    direction, channel = PLACE
    with transaction.atomic():
        locked = lock_business(business)
        slot, _made = Prompt.objects.select_related("current").get_or_create(
            layer=Layer.BUSINESS.value,
            business=locked,
            direction=direction.value,
            channel=channel.value,
        )
        before, revision = slot.current, raise_revision(locked, "freshness checked")
        version = write_version(slot, Text(text).canonical(), REASON, actor)
        move_slot(slot, version, Move(kind, Apply.LIVE, REASON, revision, actor))
        change = Change("freshness.checked", slot, describe(before), describe(version))
        record(locked, change, actor=actor, reason=REASON)


def _read(business: Business) -> Wording:
    direction, channel = PLACE
    at_least = current_revision(business.pk)
    return cache.wording(business.pk, direction, at_least=at_least, channel=channel)


def _has(wording: Wording, mark: str) -> bool:
    return any(mark in release.version.text for release in wording.business)


def _fresh(business: Business, mark: str) -> Finding:
    good = _has(_read(business), mark)
    sentence = "A reader has the new words." if good else "A reader was served old words."
    return Finding("after publishing", good, sentence)


def _late_writer(business: Business, mark: str, old: Wording) -> Finding:
    """A slow process puts back what it read before the publish."""
    cache.keep(old)
    good = _has(_read(business), mark)
    sentence = (
        "Old words that a slow process stored were not served."
        if good
        else "Old words that a slow process stored were served."
    )
    return Finding("a late writer", good, sentence)


def _foreign(businesses: QuerySet[Business], mark: str) -> Iterator[Finding]:
    """The mark stands in one slot, and nowhere else."""
    places, wrong = 0, []
    for pk in businesses.order_by("pk").values_list("pk", flat=True):
        for direction in Direction:
            places += 1
            at_least = current_revision(pk)
            if _has(cache.wording(pk, direction, at_least=at_least), mark):
                wrong.append(f"business {pk}, {direction.value}")
    sentence = f"{places} other places were read; none has the words of the test slot."
    if wrong:
        sentence = f"The words of the test slot stand in: {'; '.join(wrong)}."
    yield Finding("other places", not wrong, sentence)


def _taken_back(business: Business, mark: str) -> Finding:
    good = not _has(_read(business), mark)
    sentence = "The words are gone." if good else "The words that were taken back are served."
    return Finding("after taking back", good, sentence)
