"""The one form in which prompt text is stored, compared and hashed."""

import hashlib
import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?")
TRAILING = re.compile(r"[^\S\n]+(?=\n|\Z)")
# Kept out of prompts: what no database or model can take, and what a reader cannot see.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def canonical(text: str) -> str:
    """NFC, newlines as ``\\n``, no trailing spaces or closing blank lines; nothing else changes."""
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return TRAILING.sub("", text).rstrip("\n")


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
