"""What staff write at a call: notes in their own words, and tags that several calls share."""

from enum import Enum, auto

from calls.domain.spelling import words_sought
from prompts.domain.changes import canonical_json
from prompts.domain.text import canonical, composed, is_storable, sha256

NOTE_LIMIT = 4_000  # characters
TAG_LIMIT = 40
TAGS_PER_CALL = 20


class Fault(Enum):
    """Why something cannot be kept."""

    EMPTY = auto()
    TOO_LONG = auto()
    UNSTORABLE = auto()
    SEVERAL = auto()


def note_written(typed: str) -> str:
    """A note as it is kept."""
    return canonical(typed).strip()


def note_fault(note: str) -> Fault | None:
    """What is wrong with a note."""
    if not is_storable(note):
        return Fault.UNSTORABLE
    if not words_sought(note):
        return Fault.EMPTY
    return Fault.TOO_LONG if len(note) > NOTE_LIMIT else None


def note_hash(*, salt: str, author: str, text: str) -> str:
    """The name of one wording; without its salt nobody can guess what it named."""
    return sha256(canonical_json([salt, author, text]))


def tag_written(typed: str) -> str:
    """A tag as it is kept: single spaces, no signs that nobody sees, letters as they are."""
    return words_sought(typed)


def tag_fault(tag: str) -> Fault | None:
    """What is wrong with a tag."""
    if not is_storable(tag):
        return Fault.UNSTORABLE
    if not tag:
        return Fault.EMPTY
    if "," in tag or "،" in tag or ";" in tag:
        return Fault.SEVERAL
    return Fault.TOO_LONG if len(tag) > TAG_LIMIT else None


def tag_key(tag: str) -> str:
    """What is equal for two tags that differ in the case of their letters only."""
    return composed(tag_written(tag).casefold())
