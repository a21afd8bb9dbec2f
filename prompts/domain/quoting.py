"""Words of people as data: one line between quotes, which they cannot leave or pose as a rule."""

import re
import unicodedata

# Persian and Hindi words and many emoji need these two; every other invisible sign goes.
JOINERS = "\u200c\u200d"
INVISIBLE = ("Cf", "Cs", "Co")
BLANK = ("Cc", "Zs", "Zl", "Zp")
DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f\u275d\u275e'
# What could close the quotes, open a fence between layers or form a placeholder.
STAND_INS = {
    "<": "\u2039",
    ">": "\u203a",
    "{": "(",
    "}": ")",
    "\\": "/",
    "`": "'",
    **dict.fromkeys(DOUBLE_QUOTES, "'"),
}
# Most words are of letters and signs that mean nothing else and have one form only.
ORDINARY = re.compile(r"[ !#-;=?-\[\]-_a-z|~\u05d0-\u05ea\u0621-\u064a]*")
# Hebrew abbreviations are often typed with a plain double quote before their last letter.
GERSHAYIM = re.compile(r"(?<=[\u05d0-\u05ea])[\"\u201d\u2033](?=[\u05d0-\u05ea])")


def clean(words: str) -> str:
    """One line of visible text, without the signs that have a meaning around it."""
    if ORDINARY.fullmatch(words):
        return re.sub(" +", " ", words).strip(" ")
    return _cleaned(words)


def _cleaned(words: str) -> str:
    """The same for words of any signs, looked at one by one."""
    visible = unicodedata.normalize("NFC", "".join(_visible(sign) for sign in words))
    harmless = "".join(_harmless(sign) for sign in GERSHAYIM.sub("\u05f4", visible))
    return re.sub(" +", " ", harmless).strip(f" {JOINERS}")


def quote(words: str, limit: int) -> str:
    """The words between double quotes, cleaned and at most ``limit`` characters long."""
    line = clean(words)
    if len(line) > limit:
        line = f"{line[: limit - 1].rstrip()}…"
    return f'"{line}"'


def _visible(sign: str) -> str:
    """The sign itself, a space for a blank of any kind, nothing for what cannot be seen."""
    category = unicodedata.category(sign)
    if category in BLANK:
        return " "
    return "" if category in INVISIBLE and sign not in JOINERS else sign


def _harmless(sign: str) -> str:
    """The sign, or a harmless one in the place of a sign with a meaning, look-alikes included."""
    plain = unicodedata.normalize("NFKC", sign)
    return next((STAND_INS[part] for part in (sign, *plain) if part in STAND_INS), sign)
