"""What a value must be before it is saved, in sentences that staff can act on."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import (
    BaseValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prompts.domain import profile as caller
from prompts.domain.credentials import find_credentials, masked
from prompts.domain.hours import KEYS, BadHours, parse_day
from prompts.domain.invisible import find_invisible, name_of
from prompts.domain.languages import is_tag
from prompts.domain.markers import has_marker
from prompts.domain.numbers import E164 as E164
from prompts.domain.placeholders import find
from prompts.domain.text import canonical, is_storable
from prompts.sentences import Sentence

REASON_LIMIT = 1_000
RULES_LIMIT = 2_000
FIRST_BIRTH_YEAR = 1880
NOBODY = "system"  # who did what no person and no token did

validate_e164 = RegexValidator(
    E164, _("Write the number with + and the country code, digits only, such as +15005550101.")
)


class AtLeast(MinValueValidator):
    """A smallest value; what is no number at all is not even that."""

    def compare(self, a: float, b: float) -> bool:
        """Whether ``a`` is refused."""
        return not a >= b


def between(low: int, high: int) -> list[BaseValidator]:
    """Accept a number from ``low`` to ``high``, and say both where it is another."""

    def sentence() -> str:
        limits = {"low": low, "high": high}
        return gettext("Write a number from %(low)d to %(high)d.") % limits

    told = lazy(sentence, str)()
    return [AtLeast(low, told), MaxValueValidator(high, told)]


def validate_time_zone(value: str) -> None:
    """Accept the names that the time zone database has."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is no time zone. Write one such as Asia/Jerusalem."),
            params={"value": value},
        )


def validate_language(value: str) -> None:
    """Accept one language tag."""
    if not is_tag(value):
        raise ValidationError(
            _("“%(value)s” is no language tag. Write one such as en, he or en-GB."),
            params={"value": value},
        )


def validate_languages(value: str) -> None:
    """Accept language tags with commas between them."""
    for tag in filter(None, (part.strip() for part in value.split(","))):
        validate_language(tag)


def account_name_faults(name: str) -> list[str]:
    """Why nobody may be called so: history would read as if no person had done it."""
    if name.strip().casefold() != NOBODY:
        return []
    return [str(_("This name stands for the software itself. Choose another."))]


def validate_one_line(value: str) -> None:
    """Accept one line of visible text that cannot pose as a fence between layers."""
    if "\n" in value or "\r" in value or not is_storable(value):
        raise ValidationError(_("Write one line without control characters."))
    for fault in _unseen_faults(value):
        raise ValidationError(fault)
    if has_marker(value):
        raise ValidationError(_("The signs <<< and >>> are reserved; leave them out."))
    if "{{" in value or "}}" in value:
        raise ValidationError(_("Double braces stand for names in prompts; leave them out here."))


def validate_days(value: object) -> None:
    """Accept weekdays in English, each with spans such as 09:00-13:00, or ``closed``."""
    if not isinstance(value, dict):
        raise ValidationError(_("Write the hours of each day."))
    for key, text in value.items():
        if key not in KEYS or not isinstance(text, str):
            raise ValidationError(_("“%(value)s” is no day of the week."), params={"value": key})
        validate_day(text)


def validate_day(text: str) -> None:
    """Accept the spans of one day, ``closed``, or nothing."""
    try:
        if text.strip():
            parse_day(text)
    except BadHours:
        raise ValidationError(
            _(
                "“%(value)s” are no hours. Write such as 09:00-13:00, 14:00-18:00, "
                "or closed; spans must not overlap."
            ),
            params={"value": text},
        ) from None


def validate_rules(value: str) -> None:
    """Accept plain text that stands in the instructions as it is."""
    faults: list[object] = list(_sign_faults(canonical(value)))
    if len(value) > RULES_LIMIT:
        faults.append(_("At most %(limit)d characters fit.") % {"limit": RULES_LIMIT})
    if find(value):
        faults.append(_("Placeholders such as {{ business_name }} are not filled in here."))
    if faults:
        raise ValidationError([str(fault) for fault in faults])


def reason_faults(reason: str) -> list[str]:
    """Every reason why ``reason`` cannot stand in the record of changes."""
    if not reason.strip():
        return [str(_("Say in a few words why you do this."))]
    return optional_reason_faults(reason)


def optional_reason_faults(reason: str) -> list[str]:
    """The same where people may leave it empty."""
    faults = []
    if not is_storable(reason):
        faults.append(
            str(_("The text holds a control character or half of a broken one; remove it."))
        )
    else:
        faults += _invisible_faults(reason)
    for secret, kind in find_credentials(reason).items():
        sentence = _(
            "“%(shown)s” looks like a secret (%(kind)s), and a reason is kept for ever: leave it "
            "out, and replace it wherever it is in use."
        )
        faults.append(Sentence.of(str(sentence), shown=masked(secret), kind=kind))
    if len(reason) > REASON_LIMIT:
        faults.append(str(_("At most %(limit)d characters fit.") % {"limit": REASON_LIMIT}))
    return faults


def _invisible_faults(text: str) -> Iterable[str]:
    """Signs that nobody sees, as in a prompt."""
    if invisible := find_invisible(text):
        sentence = _(
            "The text holds signs that nobody can see, control characters for example: "
            "%(names)s. Remove them."
        )
        yield Sentence.of(str(sentence), names=", ".join(map(name_of, invisible)))


def _unseen_faults(text: str) -> Iterable[str]:
    """The same, and keys that nobody may hear."""
    yield from _invisible_faults(text)
    for secret, kind in find_credentials(text).items():
        sentence = _(
            "“%(shown)s” looks like a secret (%(kind)s). Callers could be told it: remove it, "
            "and replace it wherever it is in use."
        )
        yield Sentence.of(str(sentence), shown=masked(secret), kind=kind)


def _sign_faults(text: str) -> Iterable[str]:
    """Signs that no prompt may hold."""
    yield from _unseen_faults(text)
    if has_marker(text):
        yield str(_("The signs <<< and >>> separate the layers; leave them out."))


def profile_faults(profile: caller.Profile, *, this_year: int) -> dict[str, list[str]]:
    """Every reason why a caller's profile cannot be kept, by field."""
    faults: dict[str, list[str]] = {}
    for name, sentence in (*_unknown_values(profile, this_year), *_over_limits(profile)):
        faults.setdefault(name, []).append(str(sentence))
    return faults


def _unknown_values(profile: caller.Profile, this_year: int) -> Iterable[tuple[str, object]]:
    """Fields of a closed kind with a value that is none of it."""
    year = profile.birth_year
    if profile.language and not is_tag(profile.language):
        yield "language", _("Write a language tag such as en, he or en-GB.")
    if profile.pace not in ("", *caller.PACES):
        yield (
            "pace",
            Sentence.of(str(_("Choose one of: %(known)s.")), known=", ".join(caller.PACES)),
        )
    if year is not None and not FIRST_BIRTH_YEAR <= year <= this_year:
        yield "birth_year", _("Write a year such as 1948.")


def _over_limits(profile: caller.Profile) -> Iterable[tuple[str, object]]:
    """Fields that hold more than fits; nothing is ever cut silently."""
    keys = tuple(key for key, _value in profile.free_fields)
    texts = tuple(value for _key, value in profile.free_fields)
    lines = {name: (getattr(profile, name),) for name in caller.LINES} | {"free_fields": keys}
    lists = {name: getattr(profile, name) for name in caller.LISTS} | {"free_fields": texts}
    for limit, fields in ((caller.LINE_LIMIT, lines), (caller.ITEM_LIMIT, lists)):
        for name, values in fields.items():
            if any(len(value) > limit for value in values):
                yield name, _("At most %(limit)d characters fit.") % {"limit": limit}
    for name, values in lists.items():
        if len(values) > caller.ITEMS_LIMIT:
            yield name, _("At most %(limit)d entries fit.") % {"limit": caller.ITEMS_LIMIT}
    if caller.length(profile) > caller.TOTAL_LIMIT:
        all_together = _("All together at most %(limit)d characters fit.")
        yield NON_FIELD_ERRORS, all_together % {"limit": caller.TOTAL_LIMIT}
