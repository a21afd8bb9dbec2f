"""A time as a person types it, in a zone whose clocks go forward and back."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum


class Doubt(StrEnum):
    """Why a typed time may not be the moment that was meant."""

    NONE = ""
    SKIPPED = "skipped"  # the clocks went forward over it
    TWICE = "twice"  # the clocks went back, and it came again


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment that a typed time stands for."""

    at: datetime  # in UTC
    doubt: Doubt


def resolve(typed: datetime, zone: tzinfo, *, again: bool = False) -> Moment:
    """The moment of a time without a zone; ``again`` means the second of two.

    A time that never was stands for the one that the clocks showed instead.
    """
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    doubt = Doubt.NONE
    if before is not None and after is not None and before != after:
        doubt = Doubt.TWICE if before > after else Doubt.SKIPPED
    is_second = again and doubt is Doubt.TWICE
    return Moment((second if is_second else first).astimezone(UTC), doubt)
