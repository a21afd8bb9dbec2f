"""Showing the words of people as they are, the signs among them that nobody sees too."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from prompts.domain.invisible import INVISIBLE, name_of

register = template.Library()


@register.filter
def seen(text: str) -> SafeString:
    """The text, with the number of each invisible sign in its place."""
    parts, end = [], 0
    for match in INVISIBLE.finditer(text):
        parts += [escape(text[end : match.start()]), _sign(match[0])]
        end = match.end()
    return mark_safe("".join((*parts, escape(text[end:]))))  # noqa: S308  # each part is escaped


@register.filter
def seen_changed(text: str) -> SafeString:
    """The same for words that came or went, where a line's end alone would not be seen."""
    return seen(text.replace("\n", "↵\n") if text.isspace() else text)


def _sign(sign: str) -> SafeString:
    name = name_of(sign)
    return format_html('<mark class="va-sign" title="{}">{}</mark>', name, name.split()[0])
