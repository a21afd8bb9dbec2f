"""One structured line per event, for a person and for a machine."""

import json
import logging
import re
from enum import Enum

HASH = re.compile(r"[0-9a-f]{64}")
PLAIN = re.compile(r"[^\s\"=]+")
# Every line about words, a session or a call has these, empty where there is none to tell.
ABOUT = frozenset({"prompt", "session", "call"})
ALWAYS: dict[str, object] = dict.fromkeys(
    ("business_id", "direction", "revision", "version", "fingerprint", "length")
)


def event(
    logger: logging.Logger,
    name: str,
    /,
    *,
    level: int = logging.INFO,
    when: float | None = None,
    **fields: object,
) -> None:
    """Log that ``name`` happened, with its facts; never give it prompt text, numbers or secrets.

    The record carries ``event`` and ``facts``, which the formatters of the project spell out, and
    ``when`` it happened where that was before the line is written.
    """
    if not logger.isEnabledFor(level):
        return
    told = ALWAYS | fields if name.partition(".")[0] in ABOUT else fields
    facts = {key: _fact(value) for key, value in told.items()}
    words = [name, *(f"{key}={_word(value)}" for key, value in facts.items())]
    extra = {"event": name, "facts": facts, "when": when}
    logger.log(level, "%s", " ".join(words), extra=extra, stacklevel=2)


def _fact(value: object) -> object:
    """Shorten a hash; a JSON line takes the other values as they are."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return value[:12] if len(value) == 64 and HASH.fullmatch(value) else value
    return value if value is None or isinstance(value, int | float) else str(value)


def _word(value: object) -> str:
    """Write a fact so that a line can be split at its spaces."""
    if value is None or value == "":
        return "-"
    text = str(value)
    if not isinstance(value, str):
        return text
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
