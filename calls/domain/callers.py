"""Which number is the caller's: the other end of the line, where Twilio tells it."""

from prompts.domain.kinds import Direction
from prompts.domain.numbers import normalise

# A withheld number may come as letters on a keypad: anonymous, blocked, restricted, unavailable,
# unknown (Twilio, "Why am I getting calls from these strange numbers?").
WITHHELD = frozenset({"+266696687", "+2562533", "+7378742833", "+86282452253", "+8656696"})


def caller_number(direction: Direction, *, from_number: str, to_number: str) -> str:
    """The caller's number as E.164; empty when it is withheld or no telephone number."""
    number = normalise(from_number if direction is Direction.INBOUND else to_number)
    return "" if number in WITHHELD else number
