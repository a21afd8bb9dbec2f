"""Writing down what a business knows of a caller, and forgetting it.

Every change is one transaction: the record, the revision that calls in progress follow, and an
audit entry. The entry stays for ever, so it names the record by its salted hash and says nothing
of the person; the words, and the reason of a change, stand in the record, which can be erased.
"""

import logging
import secrets
from collections.abc import Callable, Mapping

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prompts.domain.numbers import normalise
from prompts.domain.profile import (
    LISTS,
    BadProfile,
    Profile,
    build_profile,
    change,
    dump_profile,
    record_hash,
    values_of,
    words_in,
)
from prompts.domain.quoting import clean
from prompts.logs import event
from prompts.models import Business, CallerProfile, ProfileRecord, Revision
from prompts.signals import caller_forgotten
from prompts.validation import profile_faults, reason_faults

from .audit import Change, name_of, record
from .errors import NoProfile, StaleProfile
from .revision import lock_business, raise_revision

logger = logging.getLogger(__name__)

Edit = Callable[[Profile], Profile]
ANY = "any"  # the base of an editor who read nothing first


def save_profile(
    *,
    business: Business,
    number: str,
    values: Mapping[str, object],
    actor: User | None,
    reason: str,
    base: str = ANY,
) -> ProfileRecord | None:
    """Let the profile say ``values`` and nothing else; what is empty is not kept.

    ``base`` is the sha256 of the record that the editor read, "" for none: when another stands
    by now, `StaleProfile` says so. Returns the record in force; None when nothing is known.
    """
    return _edit(business, number, lambda _old: build_profile(values), actor, reason, base=base)


def change_profile(
    *,
    business: Business,
    number: str,
    changes: Mapping[str, object],
    actor: User | None,
    reason: str,
) -> ProfileRecord | None:
    """Replace the fields named; an empty value removes one. Free fields are joined by name."""
    return _edit(business, number, lambda old: change(old, changes), actor, reason)


def add_to_profile(
    *, business: Business, number: str, field: str, item: str, actor: User | None, reason: str
) -> ProfileRecord | None:
    """Add one entry to a list, such as a preference or a fact to remember."""
    _refuse_other_than(LISTS, field)

    def add(old: Profile) -> Profile:
        return change(old, {field: (*getattr(old, field), item)})

    return _edit(business, number, add, actor, reason)


def remove_from_profile(
    *, business: Business, number: str, field: str, item: str, actor: User | None, reason: str
) -> ProfileRecord | None:
    """Take one entry out of a list, or a free field by its name; the next answer knows no more.

    An entry that the profile does not hold is a `ValidationError`: nobody may believe it gone.
    """
    _refuse_other_than((*LISTS, "free_fields"), field)
    return _edit(business, number, lambda old: _without(old, field, clean(item)), actor, reason)


def erase_profile(*, business: Business, number: str, actor: User | None, reason: str) -> list[str]:
    """Forget the caller: the profile, and all that calls keep of the caller in words that can go.

    Answers what was erased, in words. Without a profile the rest is forgotten all the same;
    `NoProfile` is raised where nothing is left of this number. The reason stays in the audit for
    ever, so it may not repeat what is being erased.
    """
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
    number = _checked(number)
    with transaction.atomic():
        locked = lock_business(business)
        profile = _find(locked, number)
        _refuse_telling(reason, number, profile)
        answers = caller_forgotten.send(
            sender=CallerProfile,
            business_id=locked.pk,
            number=number,
            erased_by=name_of(actor),
            at=timezone.now(),
        )
        erased = [part for _listener, parts in answers for part in parts or ()]
        if profile is not None:
            erased.insert(0, _("the profile"))
            before, after = _erase(locked, profile, actor)
        elif erased:
            # The audit names a row that was never more than an erased one.
            profile = CallerProfile(business=locked)
            _empty(profile, actor)
            before, after = {}, {}
        else:
            raise NoProfile(_("Nothing is known of this number."))
        record(locked, Change("profile.erased", profile, before, after), actor=actor, reason=reason)
        _log_after_commit("profile.erased", locked, locked.revision, actor)
    return erased


def _erase(
    business: Business, profile: CallerProfile, actor: User | None
) -> tuple[dict[str, object], dict[str, object]]:
    """Empty a profile, which calls in progress notice; answers what the audit keeps of it."""
    newest = profile.records.latest("revision")
    profile.records.update(content="", reason="", salt="")
    _empty(profile, actor)
    revision = raise_revision(business, Revision.PROFILE)
    return _named(newest), {"revision": revision}


def _edit(
    business: Business,
    number: str,
    edit: Edit,
    actor: User | None,
    reason: str,
    *,
    base: str = ANY,
) -> ProfileRecord | None:
    """Record what the profile says after ``edit``, unless it says so already."""
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
    number = _checked(number)
    with transaction.atomic():
        locked = lock_business(business)
        profile = _find(locked, number)
        newest = profile.records.latest("revision") if profile else None
        if base not in (ANY, newest.sha256 if newest else ""):
            raise StaleProfile
        old = newest.values if newest else Profile()
        new = _judged(edit, old)
        if new == old:
            return newest
        profile = profile or CallerProfile.objects.create(business=locked, number=number)
        revision = raise_revision(locked, Revision.PROFILE)
        added = _add_record(profile, revision, new, actor, reason.strip())
        after = {**_named(added), "revision": revision}
        record(locked, Change("profile.changed", profile, _named(newest), after), actor=actor)
        _log_after_commit("profile.changed", locked, revision, actor)
        return added


def _judged(edit: Edit, old: Profile) -> Profile:
    """The edited profile, or every fault in it."""
    try:
        new = edit(old)
    except BadProfile as error:
        raise ValidationError({NON_FIELD_ERRORS: [str(error)]}) from error
    if faults := profile_faults(new, this_year=timezone.now().year):
        raise ValidationError(faults)
    return new


def _without(old: Profile, field: str, item: str) -> Profile:
    """The profile without one entry."""
    kept = dict(old.free_fields) if field == "free_fields" else dict.fromkeys(getattr(old, field))
    if item not in kept:
        raise ValidationError({field: [_("The profile does not say this.")]})
    del kept[item]
    values = list(kept.items()) if field == "free_fields" else list(kept)
    return build_profile(values_of(old) | {field: values})


def _add_record(
    profile: CallerProfile, revision: int, new: Profile, actor: User | None, reason: str
) -> ProfileRecord:
    """Write the profile down under its revision."""
    content, salt, number = dump_profile(new), secrets.token_hex(16), profile.number or ""
    return ProfileRecord.objects.create(
        profile=profile,
        revision=revision,
        content=content,
        reason=reason,
        salt=salt,
        sha256=record_hash(salt=salt, number=number, content=content, reason=reason),
        actor=actor,
        actor_name=name_of(actor),
        made_at=timezone.now(),
    )


def _empty(profile: CallerProfile, actor: User | None) -> None:
    """Take the number away; the hashes of records stay, and tell nothing without their salt."""
    profile.number, profile.erased_at, profile.erased_by = None, timezone.now(), name_of(actor)
    profile.save()


def _named(found: ProfileRecord | None) -> dict[str, object]:
    """A record as the audit names it."""
    return {"sha256": found.sha256} if found else {}


def _find(business: Business, number: str) -> CallerProfile | None:
    return CallerProfile.objects.filter(business=business, number=number).first()


def _checked(number: str) -> str:
    """The number as E.164."""
    if found := normalise(number):
        return found
    raise ValidationError(
        {"number": [_("Write the number with + and the country code, such as +15005550101.")]}
    )


def _refuse_other_than(known: tuple[str, ...], field: str) -> None:
    """A programming error: no form offers such a list."""
    if field not in known:
        raise ValueError(f"A profile has no list named {field}.")


def _refuse_telling(reason: str, number: str, profile: CallerProfile | None) -> None:
    """Keep what is being erased out of the entry that stays."""
    told = clean(reason).casefold()
    known = {number}
    for one in profile.records.all() if profile else ():
        known |= set(words_in(one.values))
    if any(word.casefold() in told for word in known if len(word) > 2):
        raise ValidationError(
            {"reason": [_("This reason stays for ever: leave out who it is and what was noted.")]}
        )


def _log_after_commit(name: str, business: Business, revision: int, actor: User | None) -> None:
    """One line for a change that really happened: never the number, never a value."""
    by = actor.pk if actor else None

    def log() -> None:
        event(logger, name, business_id=business.pk, revision=revision, by=by)

    transaction.on_commit(log, robust=True)
