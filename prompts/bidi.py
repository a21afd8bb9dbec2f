"""Numbers, names and quoted words keep their own order inside a sentence of another script."""

from collections.abc import Mapping

from django.utils.translation import get_language_bidi

ISOLATE, POP = "\u2068", "\u2069"  # nobody sees these two, and every browser heeds them


def isolate(words: str) -> str:
    """Let ``+972 3`` or a Latin name stand in a sentence that runs from right to left."""
    return f"{ISOLATE}{words}{POP}" if words and get_language_bidi() else words


def apart(values: Mapping[str, object]) -> dict[str, object]:
    """The same for every text among the values of a sentence."""
    return {name: isolate(one) if isinstance(one, str) else one for name, one in values.items()}
