"""Publishing the words that stand in every business's calls."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import Field, Ground
from prompts.domain.placeholders import PLATFORM_NAMES
from prompts.findings import faults as faults_of
from prompts.models import Platform, Prompt, PromptVersion, Release
from prompts.validation import reason_faults

from .audit import Change, record
from .errors import StaleBase
from .revision import lock_platform, raise_revision
from .slots import (
    Move,
    Text,
    describe,
    log_published,
    move_slot,
    needs_release,
    platform_slot,
    write_version,
)

# What a platform prompt is judged by: every business has a name.
GROUND = Ground(dict.fromkeys(PLATFORM_NAMES, "Business"), PLATFORM_NAMES)


def publish_platform(
    *,
    direction: Direction | None,
    text: str,
    base: int | None,
    note: str,
    actor: User | None,
    apply: Apply = Apply.LIVE,
) -> PromptVersion | None:
    """Put a call-type text, or the universal one for ``direction`` None, in force for everybody.

    Every business's revision rises with it, in one announcement.
    None says that nothing changed: these words are in force already.
    """
    words = Text(text).canonical()
    _refuse_faults(words, note)
    with transaction.atomic():
        platform = lock_platform()
        slot = platform_slot(direction)
        if (slot.current.number if slot.current else None) != base:
            raise StaleBase({direction: slot.current.number if slot.current else None})
        if not needs_release(slot, words, apply):
            return None
        version = write_version(slot, words, note.strip(), actor)
        release_platform(platform, slot, version, reason=note.strip(), actor=actor, apply=apply)
    return version


def release_platform(
    platform: Platform,
    slot: Prompt,
    version: PromptVersion,
    *,
    reason: str,
    actor: User | None,
    apply: Apply = Apply.LIVE,
) -> None:
    """Move a slot of the locked platform to a version."""
    before = slot.current
    revision = raise_revision(platform, "platform release")
    move = Move(Release.Kind.PLATFORM, apply, reason, revision, actor)
    move_slot(slot, version, move)
    change = Change(
        "platform.published",
        slot,
        describe(before),
        {**describe(version), "apply": apply.value, "revision": revision},
    )
    record(platform, change, actor=actor, reason=reason)

    def log() -> None:
        direction = Direction(slot.direction) if slot.direction else None
        log_published(None, direction, version, move)

    transaction.on_commit(log, robust=True)


def _refuse_faults(words: Text, note: str) -> None:
    """Raise one error that names every field with a fault."""
    faults = {
        "text": faults_of(words.text, words.greeting, GROUND)[Field.TEXT],
        "note": reason_faults(note),
    }
    if any(faults.values()):
        raise ValidationError({name: found for name, found in faults.items() if found})
