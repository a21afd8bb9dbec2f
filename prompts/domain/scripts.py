"""The scripts that a text is written in, and about how many tokens it makes."""

import re
from functools import cache

from .languages import primary

LETTERS = {
    "Latin": r"A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "Greek": r"\u0370-\u03ff",
    "Cyrillic": r"\u0400-\u052f",
    "Hebrew": r"\u05d0-\u05f2\ufb1d-\ufb4f",
    "Arabic": r"\u0620-\u06d3\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Devanagari": r"\u0900-\u097f",
    "Thai": r"\u0e00-\u0e7f",
    "Ethiopic": r"\u1200-\u139f",
    "Hangul": r"\u1100-\u11ff\uac00-\ud7af",
    "Kana": r"\u3040-\u30ff",
    "Han": r"\u4e00-\u9fff",
}
OF_LANGUAGE = {
    **dict.fromkeys(("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ro", "tr"), ("Latin",)),
    **dict.fromkeys(("bg", "ru", "uk"), ("Cyrillic",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("Arabic",)),
    **dict.fromkeys(("he", "yi"), ("Hebrew",)),
    "am": ("Ethiopic",),
    "el": ("Greek",),
    "hi": ("Devanagari",),
    "ja": ("Kana", "Han"),
    "ko": ("Hangul",),
    "th": ("Thai",),
    "zh": ("Han",),
}
RIGHT_TO_LEFT = {"Hebrew", "Arabic"}
# Characters that make one token of the voice service, as measured.
PER_TOKEN = {"Hebrew": 3.0, "Arabic": 3.5}
PER_TOKEN_ELSEWHERE = 5.4


def count_letters(text: str) -> dict[str, int]:
    """How many letters of each script a text has."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _patterns().items()}
    return {name: count for name, count in counts.items() if count}


def share_of_language(text: str, tag: str) -> float | None:
    """Which part of the letters the language can be written with; None when nobody can tell."""
    counts = count_letters(text)
    expected = OF_LANGUAGE.get(primary(tag), ())
    if not counts or not expected:
        return None
    return sum(counts.get(name, 0) for name in expected) / sum(counts.values())


def writing_direction(text: str, tag: str) -> str:
    """``rtl`` or ``ltr``, as most letters are written; without letters as the language is."""
    counts = count_letters(text)
    if not counts:
        expected = OF_LANGUAGE.get(primary(tag), ())
        return "rtl" if set(expected) & RIGHT_TO_LEFT else "ltr"
    from_right = sum(counts.get(name, 0) for name in RIGHT_TO_LEFT)
    return "rtl" if 2 * from_right > sum(counts.values()) else "ltr"


def estimate_tokens(text: str) -> int:
    """About how many tokens the voice service counts; spaces go with the letters around them."""
    counts = count_letters(text)
    letters = sum(counts.values())
    if not letters:
        return round(len(text) / PER_TOKEN_ELSEWHERE)
    shares = (
        count / letters / PER_TOKEN.get(name, PER_TOKEN_ELSEWHERE) for name, count in counts.items()
    )
    return round(len(text) * sum(shares))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"[{letters}]") for name, letters in LETTERS.items()}
