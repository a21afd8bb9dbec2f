"""Language tags, and the English names by which the model is told of them."""

import re

# Language, optional script, optional region: the part of BCP 47 that a phone call can use.
TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")

NAMES = {
    "am": "Amharic",
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


def is_tag(tag: str) -> bool:
    """Whether ``tag`` looks like ``he``, ``en-GB`` or ``zh-Hant-TW``."""
    return TAG.fullmatch(tag) is not None


def primary(tag: str) -> str:
    """The language itself: ``he`` of ``he-IL``."""
    return tag.split("-", 1)[0].lower()


def english_name(tag: str) -> str:
    """``Hebrew`` for ``he-IL``; a tag that is not listed stands for itself."""
    return NAMES.get(primary(tag), tag)
