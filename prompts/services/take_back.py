"""Going back to the version before, for calls in progress too."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from prompts.domain.history import Move as Step
from prompts.domain.history import version_before
from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import UNSPEAKABLE, Ground
from prompts.findings import faults as faults_of
from prompts.models import Business, Prompt, PromptVersion, Release
from prompts.validation import reason_faults

from .audit import Change, record
from .errors import NothingBefore, StaleBase
from .revision import lock_business, raise_revision
from .slots import Move, business_slot, describe, log_published, move_slot
from .warming import words_ready


def take_back(
    *, business: Business, direction: Direction, base: int, reason: str, actor: User | None
) -> Release:
    """Put the version before ``base`` in force again; history keeps both.

    ``base`` is the version that the person sees and wants to leave: when another is in force by
    now, `StaleBase` says so. Taking back twice goes back two steps.
    """
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
    with transaction.atomic():
        locked = lock_business(business)
        slot = business_slot(locked, direction)
        if slot.current is None or slot.current.number != base:
            raise StaleBase({direction: slot.current.number if slot.current else None})
        target = version_to_return_to(slot)
        if target is None:
            raise NothingBefore(_("This is the first version: there is none to go back to."))
        _refuse_unspeakable(target, locked)
        return _return(locked, slot, target, reason.strip(), actor)


def version_to_return_to(slot: Prompt) -> PromptVersion | None:
    """The version that taking back would put in force, or None."""
    steps = (
        Step(release.to_version_id, release.kind == Release.Kind.TAKE_BACK)
        for release in slot.releases.order_by("pk").only("prompt_id", "to_version_id", "kind")
    )
    pk = version_before(steps)
    return slot.versions.get(pk=pk) if pk else None


def _return(
    business: Business, slot: Prompt, target: PromptVersion, reason: str, actor: User | None
) -> Release:
    """Move the slot and record it."""
    before = slot.current
    with words_ready(business):
        revision = raise_revision(business, "taken back")
        move = Move(Release.Kind.TAKE_BACK, Apply.LIVE, reason, revision, actor)
        release = move_slot(slot, target, move)
    change = Change(
        "prompt.taken_back",
        slot,
        describe(before),
        {**describe(target), "apply": move.apply.value, "revision": revision},
    )
    record(business, change, actor=actor, reason=reason)

    def log() -> None:
        log_published(business.pk, Direction(slot.direction), target, move)

    transaction.on_commit(log, robust=True)
    return release


def _refuse_unspeakable(version: PromptVersion, business: Business) -> None:
    """An old text may use a placeholder whose value the business has lost since.

    Only what no call could be given keeps people from going back in a hurry.
    """
    ground = Ground(business.placeholders)
    found = faults_of(version.text, version.greeting, ground, only=UNSPEAKABLE)
    if any(found.values()):
        raise ValidationError([sentence for field in found.values() for sentence in field])
