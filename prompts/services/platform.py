"""Publishing the words that stand in every business's calls."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import PLATFORM_GROUND, Field
from prompts.domain.text import sha256
from prompts.findings import faults as faults_of
from prompts.models import Platform, Prompt, PromptVersion, Release
from prompts.selectors import unpublished_shipped
from prompts.validation import reason_faults

from .audit import Change, record
from .errors import StaleBase
from .revision import lock_platform, raise_revision
from .slots import (
    Move,
    Text,
    describe,
    log_after_commit,
    move_slot,
    needs_release,
    platform_slot,
    was_released,
    write_version,
)


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

    Every business's revision rises with it, in one announcement. The very words of a version that
    came with an upgrade and waits put that version in force, and no copy of it.
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
        reason = note.strip()
        version = _waiting(slot, words) or write_version(slot, words, reason, actor)
        release_platform(platform, slot, version, reason=reason, actor=actor, apply=apply)
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
    before, restored = slot.current, was_released(slot, Text(version.text, version.greeting))
    kind = Release.Kind.RESTORE if restored else Release.Kind.PLATFORM
    revision = raise_revision(platform, "platform release")
    move = Move(kind, apply, reason, revision, actor)
    move_slot(slot, version, move)
    change = Change(
        "platform.restored" if restored else "platform.published",
        slot,
        describe(before),
        {**describe(version), "apply": apply.value, "revision": revision},
    )
    record(platform, change, actor=actor, reason=reason)
    log_after_commit(slot, version, move)


def _waiting(slot: Prompt, words: Text) -> PromptVersion | None:
    """The version that came with an upgrade, has these words and was never published."""
    arrived = unpublished_shipped().filter(prompt=slot, sha256=sha256(words.text))
    return arrived.order_by("number").last()


def _refuse_faults(words: Text, note: str) -> None:
    """Raise one error that names every field with a fault."""
    faults = {
        "text": faults_of(words.text, words.greeting, PLATFORM_GROUND)[Field.TEXT],
        "note": reason_faults(note),
    }
    if any(faults.values()):
        raise ValidationError({name: found for name, found in faults.items() if found})
