"""When a changed setting or detail reaches the calls that are going on."""

from enum import StrEnum

NEXT_CALL = ("model", "voice")  # they cannot change in a session of the voice service
AT_ONCE = ("max_call_seconds", "fallback_words", "fallback_number")
NEW_CALLS = ("paused", "is_active", "number")


class Reach(StrEnum):
    """Which calls a new value holds for, and who says so."""

    CONFIRMED = "confirmed"  # calls in progress get it, and the voice service confirms it
    AT_ONCE = "at_once"  # it is ours alone, and holds in calls in progress from now on
    NEXT_CALL = "next_call"


def reach_of(name: str) -> Reach:
    """Where a value of a business takes effect, by the name of its field."""
    if name in (*NEXT_CALL, *NEW_CALLS):
        return Reach.NEXT_CALL
    return Reach.AT_ONCE if name in AT_ONCE else Reach.CONFIRMED
