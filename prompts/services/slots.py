"""Writing versions into a slot and moving it; the callers hold the owner's lock."""

import logging
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.text import canonical, sha256
from prompts.logs import event
from prompts.models import Business, Prompt, PromptVersion, Release
from prompts.selectors import place

from .audit import name_of
from .unseen import keep_unseen

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """What an editor hands in for one slot; ``greeting`` is the first sentence, word for word."""

    text: str
    greeting: str = ""

    def canonical(self) -> "Text":
        """The same words in the form in which they are stored."""
        return Text(canonical(self.text), canonical(self.greeting).strip())


@dataclass(frozen=True, slots=True)
class Move:
    """Everything that a release says beside the slot and the version."""

    kind: Release.Kind
    apply: Apply
    reason: str
    revision: int
    actor: User | None


def business_slot(
    business: Business, direction: Direction, channel: Channel = Channel.CALLS
) -> Prompt:
    """The business's slot in one direction, made when it is first needed."""
    return slot_at(business, direction, channel)


def platform_slot(direction: Direction | None) -> Prompt:
    """The slot of a call type, or the universal one, made when it is first needed."""
    return slot_at(None, direction)


def slot_at(
    business: Business | None, direction: Direction | None, channel: Channel = Channel.CALLS
) -> Prompt:
    """The slot of a business, or without one of the platform."""
    slots = Prompt.objects.select_related("current")
    return slots.get_or_create(**place(business, direction, channel))[0]


def needs_release(slot: Prompt, words: Text, apply: Apply) -> bool:
    """Whether publishing would change what any call hears."""
    if not is_current(slot, words):
        return True
    newest = slot.releases.order_by("-pk").first()
    return apply is Apply.LIVE and newest is not None and newest.apply != Apply.LIVE


def is_current(slot: Prompt, words: Text) -> bool:
    """Whether these very words are in force."""
    current = slot.current
    return current is not None and Text(current.text, current.greeting) == words


def was_released(slot: Prompt, words: Text) -> bool:
    """Whether these very words were in force before, and others are now."""
    if is_current(slot, words):
        return False
    return slot.releases.filter(
        to_version__sha256=sha256(words.text), to_version__greeting=words.greeting
    ).exists()


def write_version(slot: Prompt, words: Text, note: str, actor: User | None) -> PromptVersion:
    """Add the next version of the slot, or name the one in force when it says the same."""
    if slot.current is not None and is_current(slot, words):
        return slot.current
    newest = slot.versions.aggregate(newest=Max("number"))["newest"] or 0
    return PromptVersion.objects.create(
        prompt=slot,
        number=newest + 1,
        text=words.text,
        greeting=words.greeting,
        note=note,
        base=slot.current,
        author=actor,
        author_name=name_of(actor),
        created_at=timezone.now(),
        sha256=sha256(words.text),
    )


def move_slot(slot: Prompt, version: PromptVersion, move: Move) -> Release:
    """Record the release, then point the slot at it; the database insists on that order."""
    release = Release.objects.create(
        prompt=slot,
        from_version=slot.current,
        to_version=version,
        actor=move.actor,
        actor_name=name_of(move.actor),
        reason=move.reason,
        kind=move.kind,
        apply=move.apply.value,
        revision=move.revision,
        created_at=timezone.now(),
    )
    slot.current = version
    slot.save(update_fields=["current"])
    keep_unseen(release)
    return release


def describe(version: PromptVersion | None) -> dict[str, object]:
    """A version as the audit names it: number and hashes, never the words."""
    if version is None:
        return {"version": None}
    named: dict[str, object] = {"version": version.number, "sha256": version.sha256}
    return named | ({"greeting_sha256": sha256(version.greeting)} if version.greeting else {})


def log_after_commit(slot: Prompt, version: PromptVersion, move: Move) -> None:
    """One line, once it is so: what was published, how long and for whom, never its words."""

    def log() -> None:
        event(
            logger,
            "prompt.published",
            business_id=slot.business_id,
            direction=slot.direction or None,
            revision=move.revision,
            version=version.number,
            fingerprint=version.sha256,
            length=len(version.text),
            greeting_length=len(version.greeting),
            kind=move.kind,
            apply=move.apply,
            by=move.actor.pk if move.actor else name_of(None),
        )

    transaction.on_commit(log, robust=True)
