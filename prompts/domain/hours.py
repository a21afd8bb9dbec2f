"""When a business is open, as plain values and as a table for the model."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KEYS = tuple(day.lower() for day in DAYS)
CLOSED = "closed"
SPANS_LIMIT = 6  # spans of one day

_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
_SPAN = re.compile(rf"\s*{_TIME}\s*[-\u2010-\u2015]\s*(?:{_TIME}|(24:00))\s*", re.ASCII)


class BadHours(ValueError):
    """Hours that nobody can read, or that overlap."""


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday that the business told of; without spans it is closed."""

    name: str  # in English
    spans: tuple[tuple[str, str], ...]  # "09:00" to "17:00"; an earlier end is of the next day


def parse_day(text: str) -> tuple[tuple[str, str], ...]:
    """The spans of ``09:00-13:00, 14:00-18:00``, in their order; ``closed`` has none."""
    if text.strip().lower() == CLOSED:
        return ()
    found = [_SPAN.fullmatch(part) for part in text.split(",")]
    spans = sorted((_clock(m[1], m[2]), m[5] or _clock(m[3], m[4])) for m in found if m)
    if len(spans) < len(found) or len(spans) > SPANS_LIMIT or not _apart(spans):
        raise BadHours(text)
    return tuple(spans)


def format_day(spans: Iterable[tuple[str, str]]) -> str:
    """The spans as people write them."""
    return ", ".join(f"{begin}-{end}" for begin, end in spans) or CLOSED


def parse_hours(days: Mapping[str, str]) -> tuple[Day, ...]:
    """The days that say anything, from Monday on; keys are the English names in small letters."""
    return tuple(
        Day(name, parse_day(days[key]))
        for key, name in zip(KEYS, DAYS, strict=True)
        if days.get(key, "").strip()
    )


def render_hours(days: Iterable[Day], time_zone: str) -> str:
    """A table of the days that are known; empty when none is."""
    rows = [f"| {day.name} | {format_day(day.spans)} |" for day in days]
    head = (f"Opening hours (time zone {time_zone}):", "| Day | Open |", "| --- | --- |")
    return "\n".join((*head, *rows)) if rows else ""


def _clock(hour: str, minute: str) -> str:
    return f"{int(hour):02d}:{minute}"


def _apart(spans: list[tuple[str, str]]) -> bool:
    """Whether each span ends before the next begins; only the last may run past midnight."""
    whole = all(begin != end for begin, end in spans)
    forward = all(begin < end for begin, end in spans[:-1])
    return whole and forward and all(one[1] <= following[0] for one, following in pairwise(spans))
