"""Signs that nobody sees: control characters, hidden marks and broken halves, and their names."""

import re
import unicodedata

# Languages and emoji need these four: ZWNJ, ZWJ, LRM, RLM.
ALLOWED = "\u200c\u200d\u200e\u200f"
LINE_BREAKS = "\x0b\x0c\x85\u2028\u2029"
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u202a-\u202e\u2028\u2029\u2060-\u206f"
    r"\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
UNPRINTED = 0x2400  # "SYMBOL FOR NULL" and its neighbours name the control characters


def find_invisible(text: str) -> dict[str, int]:
    """Each invisible sign and how often it stands there, in the order of first use."""
    found: dict[str, int] = {}
    for match in INVISIBLE.finditer(text):
        found[match[0]] = found.get(match[0], 0) + 1
    return found


def remove_invisible(text: str) -> str:
    """The text without them; what ended a line goes on doing so."""
    return INVISIBLE.sub(lambda match: "\n" if match[0] in LINE_BREAKS else "", text)


def name_of(sign: str) -> str:
    """The sign by number and name, such as ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    code = ord(sign)
    if "\ud800" <= sign <= "\udfff":
        name = "HALF A CHARACTER"
    elif code < 0x20 or code == 0x7F:
        picture = chr(UNPRINTED + min(code, 0x21))
        name = unicodedata.name(picture).removeprefix("SYMBOL FOR ")
    else:
        name = unicodedata.name(sign, "CONTROL CHARACTER")
    return f"U+{code:04X} {name}"
