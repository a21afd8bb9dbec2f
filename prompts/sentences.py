"""Sentences of ours with words of others in them."""

from typing import Self

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


class Sentence(str):
    """Plain text for scripts and terminals; on a page each inserted text keeps its own side.

    A sentence is read from the side of the page, whatever it begins with: a name in other letters
    or a number with its sign would otherwise turn the words around it.
    """

    _markup: SafeString

    @classmethod
    def of(cls, words: str, **values: object) -> Self:
        """The sentence with these values put into its places."""
        made = cls(words % values)
        kept = {name: _kept_apart(value) for name, value in values.items()}
        made._markup = mark_safe(conditional_escape(words) % kept)  # noqa: S308  # all is escaped
        return made

    def __html__(self) -> SafeString:
        """What a template shows."""
        return self._markup


def _kept_apart(value: object) -> object:
    if isinstance(value, int):
        return value
    if isinstance(value, Sentence):
        return value.__html__()
    return format_html("<bdi>{}</bdi>", value)
