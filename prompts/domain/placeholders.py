"""Placeholders such as ``{{ business_name }}``: a declared list of plain strings, no more."""

import re
from collections.abc import Collection, Mapping

from .unspeakable import Unspeakable

NAMES = ("business_name", "agent_name", "business_phone", "address", "website")
# Platform prompts stand in every business's calls, so they use what every business has.
PLATFORM_NAMES = ("business_name",)

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
DOUBLE_BRACE = re.compile(r"\{\{|\}\}")


class PlaceholderError(Unspeakable):
    """A text uses placeholders that are half written, not declared or without a value."""

    def __init__(self, unknown: tuple[str, ...], missing: tuple[str, ...], loose: str = "") -> None:
        """Keep both lists, and the first ``loose`` double brace, for a message to the editor."""
        super().__init__(
            f"Unknown placeholders: {unknown}; without a value: {missing}; loose: {loose!r}."
        )
        self.unknown = unknown
        self.missing = missing
        self.loose = loose

    def __reduce__(self) -> tuple[type, tuple[tuple[str, ...], tuple[str, ...], str]]:
        """Travel between processes with all that was found."""
        return type(self), (self.unknown, self.missing, self.loose)


def find(text: str) -> tuple[str, ...]:
    """The names that ``text`` uses, each once, in the order of their first use."""
    return tuple(dict.fromkeys(match[1].strip() for match in PLACEHOLDER.finditer(text)))


def loose_brace(text: str) -> str:
    """The first double brace that is no part of a placeholder; empty when there is none."""
    match = DOUBLE_BRACE.search(PLACEHOLDER.sub(" ", text))
    return match[0] if match else ""


def check(text: str, values: Mapping[str, str], allowed: Collection[str] = NAMES) -> None:
    """Raise `PlaceholderError` unless every name in ``text`` is allowed and has a value.

    A double brace that opens or closes nothing is an error too: it would be spoken.
    """
    used = find(text)
    unknown = tuple(name for name in used if name not in allowed)
    missing = tuple(name for name in used if name in allowed and not values.get(name))
    loose = loose_brace(text)
    if unknown or missing or loose:
        raise PlaceholderError(unknown, missing, loose)


def render(text: str, values: Mapping[str, str], allowed: Collection[str] = NAMES) -> str:
    """Put the values in place, once: a value that looks like a placeholder stays as it is."""
    check(text, values, allowed)
    return PLACEHOLDER.sub(lambda match: values[match[1].strip()], text)
