"""Sentences of ours with words of others in them, set apart wherever a sentence is read.

A sentence is read from the side of its language, whatever it begins with: a name in other letters
or a number with its sign would otherwise turn the words around it. So each inserted text keeps its
own order: between two signs that nobody sees where the sentence is plain text (a message, an answer
of the interface, a mail, a terminal), and by an element of its own on a page.
"""

from typing import Self

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

ISOLATE, POP = "\u2068", "\u2069"


class Sentence(str):
    """As a string it is plain text; a template shows its mark-up.

    The signs stand only in a language that is written from the right. Where mark-up has no place,
    in a title or an attribute, ``str(sentence)`` gives the plain text to a template too.
    """

    _markup: SafeString

    @classmethod
    def of(cls, words: str, **values: object) -> Self:
        """The sentence with these values put into its places."""
        made = cls(words % {name: _in_text(value) for name, value in values.items()})
        kept = {name: _on_page(value) for name, value in values.items()}
        made._markup = mark_safe(conditional_escape(words) % kept)  # noqa: S308  # all is escaped
        return made

    @classmethod
    def alone(cls, value: object) -> Self:
        """A number or a name where a sentence could stand."""
        return cls.of("%(value)s", value=value)

    def __html__(self) -> SafeString:
        """What a template shows."""
        return self._markup


def _in_text(value: object) -> object:
    if _needs_nothing(value) or not get_language_bidi():
        return value
    return f"{ISOLATE}{value}{POP}"


def _on_page(value: object) -> object:
    if isinstance(value, Sentence):
        return value.__html__()
    return value if _needs_nothing(value) else format_html("<bdi>{}</bdi>", value)


def _needs_nothing(value: object) -> bool:
    """Whether it reads alike in every sentence: a count, nothing, or a sentence of ours."""
    return isinstance(value, int | Sentence) or value == ""
