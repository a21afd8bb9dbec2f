"""The difference between two states of a stored row, value by value, in the words of its form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from prompts.domain.difference import Block, compare, fold

from .profiles import DAYS
from .values import NOTHING, value_name, value_words

LONG = 60  # characters; from here on two texts are compared word by word
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One value as it was and as it is; long texts are compared in ``blocks`` instead.

    Some pages say beside it ``who`` gets the new value, or what is wrong with it.
    """

    field: str
    name: str
    before: str
    after: str
    blocks: tuple[Block, ...] = ()
    who: str = ""
    faults: Sequence[str] = ()


def in_words(object_type: str, values: Values) -> list[tuple[str, str]]:
    """Each value with the name that its form gives it; the days of a week one by one."""
    spread = _spread(object_type, values)
    return [
        (name, value_words(object_type, field, value)) for (field, name), value in spread.items()
    ]


def difference(object_type: str, before: Values, after: Values) -> list[Row]:
    """The values that differ, in the order of their forms."""
    old, new = _spread(object_type, before), _spread(object_type, after)
    rows = [
        _row(object_type, field, name, old.get((field, name)), new.get((field, name)))
        for field, name in dict.fromkeys((*old, *new))
    ]
    return [row for row in rows if row.before != row.after]


def compared(field: str, name: str, before: str, after: str) -> Row:
    """Two texts word by word."""
    return Row(field, name, before, after, fold(compare(before, after)))


def _row(object_type: str, field: str, name: str, before: object, after: object) -> Row:
    was, now = (value_words(object_type, field, one) for one in (before, after))
    is_long = len(was) > LONG or len(now) > LONG or "\n" in was + now
    if isinstance(before or after, str) and is_long and not _is_hash(now):
        return compared(field, name, "" if was == NOTHING else was, "" if now == NOTHING else now)
    return Row(field, name, _short(was), _short(now))


def _spread(object_type: str, values: Values) -> dict[tuple[str, str], object]:
    """The values by field and name, in the order of the fields; a week is seven values."""
    found: dict[tuple[str, str], object] = {}
    for field in sorted(values, key=_order(object_type)):
        value = values[field]
        if field == "days" and isinstance(value, dict):
            days = {str(label): value.get(key) for key, label in DAYS.items()}
            found |= {("day", label): spans for label, spans in days.items()}
        else:
            found[field, value_name(object_type, field)] = value
    return found


def _order(object_type: str) -> Callable[[str], int]:
    """The place of a value among the fields; what is no field comes last, as it came."""
    try:
        fields = [one.name for one in apps.get_model("prompts", object_type)._meta.fields]
    except LookupError:
        fields = []
    return lambda name: fields.index(name) if name in fields else len(fields)


def _is_hash(value: str) -> bool:
    return len(value) == 64 and " " not in value


def _short(value: str) -> str:
    return value[:12] if _is_hash(value) else value
