"""Phone numbers in the one form in which they are stored and compared."""

import re

# The ends are \A and \Z in Python and in PostgreSQL alike; `$` would let a newline through.
E164 = r"\A\+[1-9][0-9]{6,14}\Z"

# Also the hyphen of Hebrew, the minus sign, and marks that nobody sees.
_PUNCTUATION = re.compile(
    r"[\s().\-/\u00a0\u05be\u2010-\u2015\u2212]"
    r"|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_NUMBER = re.compile(E164, re.ASCII)


def without_punctuation(number: str) -> str:
    """The number without what people write between its digits."""
    return _PUNCTUATION.sub("", number)


def normalise(number: str) -> str:
    """The number as E.164; empty for a spelling that does not say its country, or is no number."""
    digits = without_punctuation(number)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return digits if _NUMBER.fullmatch(digits) else ""
