"""Placeholders such as ``{{ business_name }}``: a declared list of plain strings, no more."""

import re
from collections.abc import Collection, Mapping

NAMES = ("business_name", "agent_name", "business_phone", "address", "website")
# Platform prompts stand in every business's calls, so they use what every business has.
PLATFORM_NAMES = ("business_name",)

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


class PlaceholderError(ValueError):
    """A text uses placeholders that nobody declared, or that have no value."""

    def __init__(self, unknown: tuple[str, ...], missing: tuple[str, ...]) -> None:
        """Keep both lists for a message in the editor's language."""
        super().__init__(f"Unknown placeholders: {unknown}; without a value: {missing}.")
        self.unknown = unknown
        self.missing = missing

    def __reduce__(self) -> tuple[type, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Travel between processes with both lists."""
        return type(self), (self.unknown, self.missing)


def find(text: str) -> tuple[str, ...]:
    """The names that ``text`` uses, each once, in the order of their first use."""
    return tuple(dict.fromkeys(match[1].strip() for match in PLACEHOLDER.finditer(text)))


def check(text: str, values: Mapping[str, str], allowed: Collection[str] = NAMES) -> None:
    """Raise `PlaceholderError` unless every name in ``text`` is allowed and has a value."""
    used = find(text)
    unknown = tuple(name for name in used if name not in allowed)
    missing = tuple(name for name in used if name in allowed and not values.get(name))
    if unknown or missing:
        raise PlaceholderError(unknown, missing)


def render(text: str, values: Mapping[str, str], allowed: Collection[str] = NAMES) -> str:
    """Put the values in place, once: a value that looks like a placeholder stays as it is."""
    check(text, values, allowed)
    return PLACEHOLDER.sub(lambda match: values[match[1].strip()], text)
