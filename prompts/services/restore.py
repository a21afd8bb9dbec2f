"""Bringing a former state of a business's settings back, by ordinary edits of today's values."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from prompts.domain.changes import differences
from prompts.models import Business, PhoneNumber
from prompts.past import NOW, NUMBERS, State, settings_after, settings_changes
from prompts.sentences import Sentence

from . import business as details
from . import hours, settings
from .audit import require_reason
from .errors import StaleSettings
from .revision import lock_business

# The values that come back, by kind of row. Whether the agent rests is decided on pages of its own.
RESTORED: Mapping[str, tuple[str, ...]] = {
    "businesssettings": tuple(one for one in settings.FIELDS if one != "paused"),
    "businesshours": hours.FIELDS,
    "business": details.FIELDS,
    NUMBERS: ("number",),
}
Edit = Callable[..., object]  # the actor and the reason are still to come


def restorable(state: State) -> State:
    """The part of a state that can come back; values of another release are left out."""
    return {
        kind: {name: value for name, value in state[kind].items() if name in names}
        for kind, names in RESTORED.items()
    }


@transaction.atomic
def restore_settings(
    *,
    business: Business,
    number: int,
    kinds: Collection[str],
    base: int,
    actor: User | None,
    reason: str,
) -> None:
    """Let these ``kinds`` of rows say again what they said after the change with this number.

    ``base`` is the newest change that the person saw: after another one `StaleSettings` is raised.
    Each row that differs is changed once, with its own entry. What is not valid any more is a
    `ValidationError` by field that names all of it, and then nothing is changed.
    """
    require_reason(reason)
    locked = lock_business(business)
    newest = settings_changes(locked).first()
    if newest is not None and newest.number != base:
        raise StaleSettings(newest.number)
    then, now = map(restorable, settings_after(locked, number, NOW))
    faults: dict[str, list[str]] = {}
    for kind, edit in _edits(locked, now, then):
        if kind in kinds:
            _attempt(partial(edit, actor=actor, reason=reason), faults)
    if faults:
        raise ValidationError(faults)


def _edits(business: Business, now: State, then: State) -> Iterator[tuple[str, Edit]]:
    """What each kind needs, in an order in which no number is an agent's and a person's at once."""
    had, has = (set(state[NUMBERS]["number"]) for state in (then, now))
    for gone in PhoneNumber.objects.filter(business=business, number__in=has - had):
        yield NUMBERS, partial(details.remove_phone_number, number=gone)
    changing: Mapping[str, Edit] = {
        "businesssettings": settings.change_settings,
        "businesshours": hours.change_hours,
        "business": details.change_business,
    }
    for kind, change in changing.items():
        _before, changes = differences(now[kind], then[kind])
        if changes:
            yield kind, partial(change, business=business, changes=changes)
    for back in sorted(had - has):
        yield NUMBERS, partial(_add, business, back)


def _add(business: Business, number: str, *, actor: User | None, reason: str) -> None:
    """Give a number back, or say which one it is that cannot come."""
    try:
        details.add_phone_number(business=business, number=number, actor=actor, reason=reason)
    except ValidationError as error:
        sentence = Sentence.of("%(number)s: %(why)s", number=number, why=" ".join(error.messages))
        raise ValidationError({"number": [sentence]}) from error


def _attempt(edit: Edit, faults: dict[str, list[str]]) -> None:
    """Make one edit, or add what is wrong with it."""
    try:
        with transaction.atomic():
            edit()
    except ValidationError as error:
        is_by_field = hasattr(error, "error_dict")
        found = error.message_dict if is_by_field else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in found.items():
            faults.setdefault(name, []).extend(sentences)
