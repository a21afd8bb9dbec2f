"""Stored values in the words of staff: what each is called, and what it says."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prompts.domain.hours import CLOSED
from prompts.models.prompt import APPLIES

from .forms import MEANINGS
from .profiles import DAYS

NOTHING = "–"
# Values that are no field of the row that changed.
NAMES: Mapping[str, Promise] = {
    "version": _("Version"),
    "sha256": _("Fingerprint of the text"),
    "greeting_sha256": _("Fingerprint of the first sentence"),
    "apply": _("For which calls"),
    "revision": _("Revision"),
    "call": _("Call SID"),
    "note": _("Note"),
    "edition": _("Wording"),
    "tags": _("Tags"),
    "person": _("Person"),
    "rights": _("May"),
    "expires": _("Expires"),
    "all_businesses": _("For every business"),
    "publishes_platform": _("May publish platform prompts"),
    "rewritten": _("Personal details that changed"),
}
RIGHTS = {"read": _("read"), "publish": _("publish"), "refresh": _("refresh")}


def value_name(object_type: str, name: str) -> str:
    """What forms call a value; one of another release keeps its own name."""
    if name in NAMES:
        return str(NAMES[name])
    field = _field(object_type, name)
    return capfirst(str(getattr(field, "verbose_name", name)))


def value_words(object_type: str, name: str, value: object) -> str:
    """A stored value as a person writes it."""
    if value in (None, {}, []):
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name in SPELLINGS:
        return SPELLINGS[name](value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    field = _field(object_type, name)
    meanings: dict[Any, object] = dict(getattr(field, "flatchoices", ())) | MEANINGS.get(name, {})
    return str(meanings.get(value, value)) or NOTHING


def _apply(value: object) -> str:
    return str(dict(APPLIES).get(str(value), value))


def _rights(value: object) -> str:
    return ", ".join(str(RIGHTS.get(one, one)) for one in str(value).split())


def _date(value: object) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return str(value)


def _days(value: object) -> str:
    """A line for each day that is known."""
    days = value.items() if isinstance(value, dict) else ()
    return "\n".join(f"{DAYS.get(day, day)}: {_spans(spans)}" for day, spans in days)


def _spans(value: object) -> str:
    """The hours of one day."""
    return gettext("closed") if value == CLOSED else str(value) or NOTHING


def _rewritten(value: object) -> str:
    names = value if isinstance(value, list) else [value]
    return ", ".join(value_name("user", str(name)) for name in names)


SPELLINGS: Mapping[str, Callable[[object], str]] = {
    "apply": _apply,
    "rights": _rights,
    "expires": _date,
    "days": _days,
    "rewritten": _rewritten,
    "day": _spans,
}


def _field(object_type: str, name: str) -> object:
    """The field of this name in whichever application has such rows."""
    for application in ("prompts", "auth"):
        try:
            return apps.get_model(application, object_type)._meta.get_field(name)
        except (LookupError, FieldDoesNotExist):
            continue
    return None
