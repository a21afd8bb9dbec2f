"""The one form in which prompt text is stored, compared and hashed."""

import hashlib
import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?")
# Begins only where a run of spaces does, and never tries a part of one: both keep it linear.
TRAILING = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\n|\Z)")
# No writing puts more marks on one letter (UAX #15, "Stream-Safe Text Format"), and sorting
# thousands of them would keep the process busy for many seconds.
MOST_MARKS = 30
# Kept out of prompts: what no database or model can take, and what a reader cannot see.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def canonical(text: str) -> str:
    """NFC, newlines as ``\\n``, no trailing spaces or closing blank lines; nothing else changes."""
    text = LINE_ENDS.sub("\n", composed(text))
    return TRAILING.sub("", text).rstrip("\n")


def composed(text: str) -> str:
    """NFC; a text with a heap of marks that is no writing stays as it was typed."""
    if text.isascii() or _has_heap_of_marks(text):
        return text
    return unicodedata.normalize("NFC", text)


def _has_heap_of_marks(text: str) -> bool:
    marks = 0
    for is_mark in map(unicodedata.combining, text):
        marks = marks + 1 if is_mark else 0
        if marks > MOST_MARKS:
            return True
    return False


def sha256(text: str) -> str:
    """The hash of ``text`` as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class Digest:
    """The hash of a text that others begin with, so that each costs no more than its own end."""

    def __init__(self, beginning: str) -> None:
        """Hash what the texts have in common."""
        self._hash = hashlib.sha256(beginning.encode())

    def and_then(self, ending: str) -> str:
        """The hash of the whole as 64 hex digits."""
        whole = self._hash.copy()
        whole.update(ending.encode())
        return whole.hexdigest()


def is_storable(text: str) -> bool:
    """Whether ``text`` is free of control characters and broken surrogates."""
    return UNSTORABLE.search(text) is None
