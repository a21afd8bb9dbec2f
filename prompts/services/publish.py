"""Putting a business's words in force, for one direction or both at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import Field, Ground
from prompts.findings import faults as faults_of
from prompts.models import Business, Prompt, PromptVersion, Release
from prompts.validation import reason_faults

from .audit import Change, record
from .errors import BaseVersions, StaleBase
from .revision import lock_business, raise_revision
from .slots import (
    Move,
    Text,
    business_slot,
    describe,
    log_after_commit,
    move_slot,
    needs_release,
    was_released,
    write_version,
)
from .warming import words_ready


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: nothing at all when ``versions`` is empty."""

    revision: int
    versions: Mapping[Direction, PromptVersion] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything was published."""
        return bool(self.versions)


def publish(
    *,
    business: Business,
    texts: Mapping[Direction, Text],
    base: BaseVersions,
    note: str,
    actor: User | None,
    apply: Apply = Apply.LIVE,
) -> Published:
    """Put ``texts`` in force in one transaction and one revision.

    ``base`` names, for each direction sent, the version that the editor started from: when
    another is in force by now, `StaleBase` says so and nothing changes. Words that are in force
    already are left alone. Wrong input is a `ValidationError` with the fields ``inbound``,
    ``outbound``, ``inbound_greeting``, ``outbound_greeting``, ``note`` and ``base``.
    """
    words = {
        direction: texts[direction].canonical() for direction in Direction if direction in texts
    }
    with transaction.atomic():
        locked = lock_business(business)
        _refuse_faults(locked, words, base, note)
        slots = {direction: business_slot(locked, direction) for direction in words}
        _refuse_stale(slots, base)
        moving = [one for one in words if needs_release(slots[one], words[one], apply)]
        if not moving:
            return Published(locked.revision)
        with words_ready(locked):
            revision = raise_revision(locked, "published")
            move = Move(Release.Kind.PUBLISH, apply, note.strip(), revision, actor)
            versions = {one: _release(locked, slots[one], words[one], move) for one in moving}
    return Published(revision, versions)


def _release(business: Business, slot: Prompt, words: Text, move: Move) -> PromptVersion:
    """Write the version, move the slot and record it."""
    before = slot.current
    restored = was_released(slot, words)
    version = write_version(slot, words, move.reason, move.actor)
    move = replace(move, kind=Release.Kind.RESTORE) if restored else move
    move_slot(slot, version, move)
    change = Change(
        "prompt.restored" if restored else "prompt.published",
        slot,
        describe(before),
        {**describe(version), "apply": move.apply.value, "revision": move.revision},
    )
    record(business, change, actor=move.actor, reason=move.reason)
    log_after_commit(slot, version, move)
    return version


def _refuse_faults(
    business: Business, words: Mapping[Direction, Text], base: BaseVersions, note: str
) -> None:
    """Raise one error that names every field with a fault."""
    faults: dict[str, list[str]] = {}
    for direction, text in words.items():
        found = faults_of(text.text, text.greeting, Ground(business.placeholders))
        faults[direction.value] = found[Field.TEXT]
        faults[f"{direction.value}_greeting"] = found[Field.GREETING]
    if not words:
        faults["inbound"] = [_("Send the text of at least one direction.")]
    faults["note"] = reason_faults(note)
    if not all(direction in base for direction in words):
        faults["base"] = [_("Name the version that each text is based on, or null for none.")]
    if any(faults.values()):
        raise ValidationError({name: found for name, found in faults.items() if found})


def _refuse_stale(slots: Mapping[Direction, Prompt], base: BaseVersions) -> None:
    """Raise `StaleBase` when a slot has moved since the editor read it."""
    current: dict[Direction | None, int | None] = {
        one: slot.current.number if slot.current else None for one, slot in slots.items()
    }
    if any(base[one] != current[one] for one in slots):
        raise StaleBase(current)
