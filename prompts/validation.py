"""What a value must be before it is saved, in sentences that staff can act on."""

from collections.abc import Collection, Iterable, Mapping
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from prompts.domain.languages import is_tag
from prompts.domain.markers import has_marker
from prompts.domain.opening import GREETING_LIMIT
from prompts.domain.placeholders import NAMES, PlaceholderError, check, render
from prompts.domain.text import is_storable

# The ends are \A and \Z in Python and in PostgreSQL alike; `$` would let a newline through.
E164 = r"\A\+[1-9][0-9]{6,14}\Z"
TEXT_LIMIT = 20_000
REASON_LIMIT = 1_000

validate_e164 = RegexValidator(
    E164, _("Write the number with + and the country code, digits only, such as +15005550101.")
)


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


def validate_one_line(value: str) -> None:
    """Accept one line of visible text that cannot pose as a fence between layers."""
    if "\n" in value or "\r" in value or not is_storable(value):
        raise ValidationError(_("Write one line without control characters."))
    if has_marker(value):
        raise ValidationError(_("The signs <<< and >>> are reserved; leave them out."))


def text_faults(
    text: str, values: Mapping[str, str], allowed: Collection[str] = NAMES
) -> list[str]:
    """Every reason why ``text`` cannot be published for a business with these values."""
    faults: list[object] = list(_sign_faults(text))
    if not text.strip():
        faults.append(_("Write the prompt: without a text the agent cannot answer."))
    if len(text) > TEXT_LIMIT:
        faults.append(
            _("The prompt has %(count)d characters; at most %(limit)d fit.")
            % {"count": len(text), "limit": TEXT_LIMIT}
        )
    return [str(fault) for fault in (*faults, *_placeholder_faults(text, values, allowed))]


def greeting_faults(
    greeting: str, values: Mapping[str, str], allowed: Collection[str] = NAMES
) -> list[str]:
    """Every reason why ``greeting`` cannot be spoken word for word."""
    faults: list[object] = list(_sign_faults(greeting))
    if "\n" in greeting:
        faults.append(_("Write the greeting on one line."))
    placeholder_faults = list(_placeholder_faults(greeting, values, allowed))
    spoken = greeting if placeholder_faults else render(greeting, values, allowed)
    if len(spoken) > GREETING_LIMIT:
        faults.append(
            _("The greeting has %(count)d characters; at most %(limit)d fit into a first sentence.")
            % {"count": len(spoken), "limit": GREETING_LIMIT}
        )
    return [str(fault) for fault in (*faults, *placeholder_faults)]


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
    if len(reason) > REASON_LIMIT:
        faults.append(str(_("At most %(limit)d characters fit.") % {"limit": REASON_LIMIT}))
    return faults


def _sign_faults(text: str) -> Iterable[str]:
    """Signs that no prompt may hold."""
    if not is_storable(text):
        yield str(_("The text holds a control character or half of a broken one; remove it."))
    elif has_marker(text):
        yield str(_("The signs <<< and >>> separate the layers; leave them out."))


def _placeholder_faults(
    text: str, values: Mapping[str, str], allowed: Collection[str]
) -> Iterable[str]:
    """One sentence for each placeholder that is unknown or has no value."""
    try:
        check(text, values, allowed)
    except PlaceholderError as error:
        known = ", ".join(f"{{{{ {name} }}}}" for name in allowed)
        for name in error.unknown:
            yield str(
                _("{{ %(name)s }} is no placeholder. Known are: %(known)s.")
                % {"name": name, "known": known}
            )
        for name in error.missing:
            yield str(
                _("{{ %(name)s }} has no value yet: fill it in at the business first.")
                % {"name": name}
            )
