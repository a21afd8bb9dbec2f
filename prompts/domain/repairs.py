"""Mending what lint found, in one press."""

import re
from collections.abc import Callable

from .credentials import find_credentials
from .invisible import remove_invisible
from .lint import SINGLE_BRACE, Code
from .markers import find_markers
from .placeholders import PLACEHOLDER, loose_brace


def repair(text: str, code: Code, found: str = "", better: str = "") -> str:
    """The text without what a finding with this code named; other texts stay as they are."""
    if better:
        return text.replace(found, better) if found else text
    if code in (Code.UNKNOWN_NAME, Code.NO_VALUE):
        return re.sub(f" ?{re.escape(found)}", "", text) if found else text
    mend = MENDERS.get(code)
    return mend(text) if mend else text


def _join_lines(text: str) -> str:
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))


def _without_markers(text: str) -> str:
    while markers := find_markers(text):  # what stood around one may be another
        for marker in markers:
            text = text.replace(marker, "")
    return text


def _without_secrets(text: str) -> str:
    while secrets := find_credentials(text):
        for secret in secrets:
            text = text.replace(secret, "")
    return text


def _without_loose_braces(text: str) -> str:
    """Placeholders stay; every double brace around them goes."""
    while loose_brace(text):
        pieces, end = [], 0
        for match in PLACEHOLDER.finditer(text):
            pieces += [_without_double_braces(text[end : match.start()]), match[0]]
            end = match.end()
        text = "".join((*pieces, _without_double_braces(text[end:])))
    return text


def _without_double_braces(text: str) -> str:
    return text.replace("{{", "").replace("}}", "")


MENDERS: dict[Code, Callable[[str], str]] = {
    Code.LINES: _join_lines,
    Code.INVISIBLE: remove_invisible,
    Code.MARKER: _without_markers,
    Code.CREDENTIAL: _without_secrets,
    Code.LOOSE_BRACE: _without_loose_braces,
    Code.SINGLE_BRACE: lambda text: SINGLE_BRACE.sub(r"{{ \1 }}", text),
}
