"""Going back to the version before, for calls in progress too."""

from contextlib import nullcontext

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from prompts.domain.history import Move as Step
from prompts.domain.history import version_before
from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import PLATFORM_GROUND, UNSPEAKABLE, Ground
from prompts.findings import faults as faults_of
from prompts.models import Business, Platform, Prompt, PromptVersion, Release
from prompts.validation import reason_faults

from .audit import Change, record
from .errors import NothingBefore, StaleBase
from .revision import lock_owner, raise_revision
from .slots import Move, describe, log_after_commit, move_slot, slot_at
from .warming import words_ready


def take_back(
    *,
    business: Business | None,
    direction: Direction | None,
    base: int,
    reason: str,
    actor: User | None,
) -> Release:
    """Put the version before ``base`` in force again; history keeps both.

    Without a business it is the platform's version, which goes from every business at once.
    ``base`` is the version that the person sees and wants to leave: when another is in force by
    now, `StaleBase` says so. Taking back twice goes back two steps.
    """
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
    with transaction.atomic():
        owner = lock_owner(business)
        slot = slot_at(business, direction)
        if slot.current is None or slot.current.number != base:
            raise StaleBase({direction: slot.current.number if slot.current else None})
        target = version_to_return_to(slot)
        if target is None:
            raise NothingBefore(_("This is the first version: there is none to go back to."))
        _refuse_unspeakable(target, owner)
        return _return(owner, slot, target, reason.strip(), actor)


def version_to_return_to(slot: Prompt) -> PromptVersion | None:
    """The version that taking back would put in force, or None."""
    steps = (
        Step(release.to_version_id, release.kind == Release.Kind.TAKE_BACK)
        for release in slot.releases.order_by("pk").only("prompt_id", "to_version_id", "kind")
    )
    pk = version_before(steps)
    return slot.versions.get(pk=pk) if pk else None


def _return(
    owner: Business | Platform,
    slot: Prompt,
    target: PromptVersion,
    reason: str,
    actor: User | None,
) -> Release:
    """Move the slot and record it."""
    before, is_platform = slot.current, isinstance(owner, Platform)
    with nullcontext() if isinstance(owner, Platform) else words_ready(owner):
        revision = raise_revision(owner, "platform release" if is_platform else "taken back")
        move = Move(Release.Kind.TAKE_BACK, Apply.LIVE, reason, revision, actor)
        release = move_slot(slot, target, move)
    change = Change(
        "platform.taken_back" if is_platform else "prompt.taken_back",
        slot,
        describe(before),
        {**describe(target), "apply": move.apply.value, "revision": revision},
    )
    record(owner, change, actor=actor, reason=reason)
    log_after_commit(slot, target, move)
    return release


def _refuse_unspeakable(version: PromptVersion, owner: Business | Platform) -> None:
    """An old text may use a placeholder whose value the business has lost since.

    Only what no call could be given keeps people from going back in a hurry.
    """
    ground = PLATFORM_GROUND if isinstance(owner, Platform) else Ground(owner.placeholders)
    found = faults_of(version.text, version.greeting, ground, only=UNSPEAKABLE)
    if any(found.values()):
        raise ValidationError([sentence for field in found.values() for sentence in field])
