"""One structured line per event, for a person and for a machine."""

import json
import logging
import re
from enum import Enum

HASH = re.compile(r"[0-9a-f]{64}")
PLAIN = re.compile(r"[^\s\"=]+")


def event(
    logger: logging.Logger, name: str, /, *, level: int = logging.INFO, **fields: object
) -> None:
    """Log that ``name`` happened, with its facts; never give it prompt text, numbers or secrets.

    The record carries ``event`` and ``facts``, which the formatters of the project spell out.
    """
    if not logger.isEnabledFor(level):
        return
    facts = {key: _fact(value) for key, value in fields.items()}
    words = [name, *(f"{key}={_word(value)}" for key, value in facts.items())]
    logger.log(level, "%s", " ".join(words), extra={"event": name, "facts": facts}, stacklevel=2)


def _fact(value: object) -> object:
    """Shorten a hash; a JSON line takes the other values as they are."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str) and HASH.fullmatch(value):
        return value[:12]
    return value if isinstance(value, str | int | float | None) else str(value)


def _word(value: object) -> str:
    """Write a fact so that a line can be split at its spaces."""
    if value is None:
        return "-"
    text = str(value)
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
