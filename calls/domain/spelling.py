"""How people write what they look for: telephone numbers, and words that were said."""

import re
import unicodedata
from enum import Enum, auto

from msgspec import Struct

from calls.domain.webhooks import CALL_SID
from prompts.domain.numbers import normalise, without_punctuation
from prompts.domain.text import composed

LEAST_DIGITS, MOST_DIGITS = 4, 15
NATIONAL = 8  # digits; from here on a leading zero is the sign of a call inside the country
AROUND = 60  # characters that stay in sight on each side of what was found
# As in "+972 (0)50": the zero is dialled inside the country only.
INNER_ZERO = re.compile(r"\(\s*0\s*\)")
INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff]")


class Fault(Enum):
    """Why something that was typed is no number."""

    LETTERS = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()


class NoNumber(ValueError):
    """What was typed cannot be a telephone number, nor the end of one."""

    def __init__(self, fault: Fault) -> None:
        """Keep what is wrong, for a sentence in the reader's language."""
        super().__init__(fault.name)
        self.fault = fault


class Sought(Struct, frozen=True):
    """What a number leads to; one of the three is set."""

    whole: str = ""  # as E.164
    ending: str = ""  # digits
    call_sid: str = ""


def number_sought(typed: str) -> Sought:
    """A number in any spelling, its last digits, or a call SID; raises `NoNumber`."""
    typed = INVISIBLE.sub("", typed).strip()
    if CALL_SID.fullmatch(typed):
        return Sought(call_sid=typed)
    number = _plain(typed)
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        raise NoNumber(Fault.LETTERS)
    if len(digits) < LEAST_DIGITS:
        raise NoNumber(Fault.TOO_SHORT)
    if len(digits.removeprefix("00")) > MOST_DIGITS:
        raise NoNumber(Fault.TOO_LONG)
    if whole := normalise(number):
        return Sought(whole=whole)
    return Sought(ending=digits.removeprefix("0") if len(digits) >= NATIONAL else digits)


def words_sought(typed: str) -> str:
    """The words with single spaces and without signs that nobody sees."""
    return " ".join(INVISIBLE.sub("", composed(typed)).split())


def spellings_of(words: str) -> tuple[str, ...]:
    """The ways in which people write words with and without capital letters."""
    return tuple(dict.fromkeys((words, words.lower(), words.upper(), words.capitalize())))


class Excerpt(Struct, frozen=True):
    """Words that were found, between some of the words around them."""

    before: str
    words: str
    after: str


def find_excerpt(text: str, words: str) -> Excerpt | None:
    """The first place of ``text`` where the words stand, in any case of their letters."""
    found = re.search(re.escape(words), text, re.IGNORECASE)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    return Excerpt(
        before=before if len(before) <= AROUND else f"… {before[-AROUND:].partition(' ')[2]}",
        words=found[0],
        after=after if len(after) <= AROUND else f"{after[:AROUND].rpartition(' ')[0]} …",
    )


def _plain(typed: str) -> str:
    """The number without what people write between its digits, in ASCII digits."""
    bare = without_punctuation(INNER_ZERO.sub("", unicodedata.normalize("NFKC", typed)))
    return "".join(str(unicodedata.digit(sign, sign)) for sign in bare)
