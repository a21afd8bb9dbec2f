"""Text as words, in any script: no sign is parted from the marks that change how it is read."""

import re
import unicodedata
from collections.abc import Iterator

from .placeholders import PLACEHOLDER

PIECE = re.compile(rf"{PLACEHOLDER.pattern}|\n|[^\S\n]+|\w+|.", re.DOTALL)
JOINER = "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
# Quotes stand inside Hebrew abbreviations and between the parts of an English don't.
QUOTES = "'\"\u2019\u201d\u05f3\u05f4"
AFTER_LETTER = "'\u2019\u05f3"  # a geresh may also end a Hebrew word
IN_NUMBERS = ".,:/-"  # 10:30, 3.50, 03-555


def split_words(text: str) -> list[str]:
    """Words, runs of spaces, line breaks and single signs; joined they are ``text`` again."""
    words: list[str] = []
    for piece, following in _with_next(match[0] for match in PIECE.finditer(text)):
        if words and _belongs(words[-1], piece, following):
            words[-1] += piece
        else:
            words.append(piece)
    return words


def is_word(piece: str) -> bool:
    """Whether a piece says something: letters, digits or a placeholder."""
    return piece[0].isalnum() or piece[0] == "_" or piece.startswith("{{")


def _with_next(pieces: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Each piece with the one behind it."""
    before = next(pieces, None)
    for piece in pieces:
        if before is not None:
            yield before, piece
        before = piece
    if before is not None:
        yield before, ""


def _belongs(before: str, piece: str, following: str) -> bool:
    """Whether ``piece`` continues the word ``before``."""
    if before.isspace():
        return False
    if _extends(piece[0]) or before[-1] == JOINER:
        return not piece.isspace()
    if is_word(before) and not before.startswith("{{"):
        return _continues_word(before, piece, following)
    return len(before) == 1 and _is_flag_letter(before) and _is_flag_letter(piece)


def _continues_word(before: str, piece: str, following: str) -> bool:
    """Letters after a mark, a quote inside an abbreviation, a sign inside a number."""
    if piece[0].isalnum() or piece[0] == "_":
        return True
    if piece in QUOTES and following[:1].isalpha() and _is_letter(before[-1]):
        return True
    if piece in AFTER_LETTER and "\u05d0" <= before[-1] <= "\u05ea":
        return True
    return piece in IN_NUMBERS and before[-1].isdigit() and following[:1].isdigit()


def _is_letter(sign: str) -> bool:
    """A letter, or a mark that stands on one."""
    return sign.isalpha() or _extends(sign)


def _extends(sign: str) -> bool:
    """A sign that is seen only together with the one before it."""
    return unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf") or ord(sign) in SKIN_TONES


def _is_flag_letter(piece: str) -> bool:
    return len(piece) == 1 and ord(piece) in FLAG_LETTERS
