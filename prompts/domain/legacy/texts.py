"""One text field of the old system: plain words, or words for calls and for WhatsApp."""

import json
import re
from dataclasses import dataclass

from prompts.domain.kinds import Channel
from prompts.domain.text import canonical, is_storable

from .faults import Wrong, shown
from .strict_json import Repeated, kind_of, load

CHANNELS = (Channel.CALLS.value, Channel.WHATSAPP.value)
# Text that begins like this was meant as JSON; ``{business_name} is ...`` was meant as words.
MEANT_AS_JSON = re.compile(r"\{\s*([\"'}]|(calls|whatsapp)\s*:)")
SINGLE_BRACES = re.compile(r"(?<!\{)\{\s*([A-Za-z_][\w.-]*)\s*\}(?!\})", re.ASCII)
OUTSIDE_UTF8 = re.compile(r"[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Words:
    """What one field says in each channel; empty is nothing."""

    calls: str = ""
    whatsapp: str = ""


def parse_words(value: object, limit: int) -> Words:
    """The words of a field, in the form in which they are stored; raises `Wrong`.

    Plain text is for calls. Nothing moves from one channel to the other.
    """
    if value is None:
        return Words()
    if isinstance(value, str):
        return _of_text(value, limit)
    if isinstance(value, dict):
        return _of_channels(value, limit)
    raise Wrong(f"Here stands {kind_of(value)}. Write text, or an object with calls and whatsapp.")


def parse_text(value: object, limit: int) -> str:
    """One text as it is stored; blank is nothing."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(f"Here stands {kind_of(value)} in the place of text.")
    refuse_broken(value)
    text = canonical(value)
    if len(text) > limit:
        raise Wrong(f"The text has {len(text)} characters; at most {limit} fit. Shorten it.")
    return text if text.strip() else ""


def refuse_broken(text: str) -> None:
    """Raise `Wrong` for what no text may hold."""
    if OUTSIDE_UTF8.search(text):
        raise Wrong("The text is not UTF-8. Save the file as UTF-8 and look at the letters again.")
    if not is_storable(text):
        raise Wrong("The text holds a control character or half of a broken one. Remove it.")


def single_braces(text: str) -> tuple[str, ...]:
    """The names in single braces, each once: they stay words, and would be spoken."""
    return tuple(dict.fromkeys(match[1] for match in SINGLE_BRACES.finditer(text)))


def _of_text(text: str, limit: int) -> Words:
    refuse_broken(text)
    if MEANT_AS_JSON.match(text.lstrip()):
        return _of_channels(_load(text), limit)
    if text.lstrip().startswith('"') and _hides_json(text):
        raise Wrong("The JSON is quoted twice. Export it as an object.")
    return Words(calls=parse_text(text, limit))


def _of_channels(value: object, limit: int) -> Words:
    if not isinstance(value, dict):
        raise Wrong(f"Here stands {kind_of(value)} in the place of an object with calls.")
    if isinstance(value, Repeated):
        raise Wrong(f"“{shown(value.key)}” stands twice in it. Keep one.")
    if unknown := [key for key in value if key not in CHANNELS]:
        raise Wrong(f"It has the unknown key “{shown(unknown[0])}”. Known are calls and whatsapp.")
    words = {key: _of_channel(key, text, limit) for key, text in value.items()}
    return Words(**words)


def _of_channel(channel: str, value: object, limit: int) -> str:
    try:
        text = parse_text(value, limit)
    except Wrong as wrong:
        raise Wrong(f"{channel}: {wrong}") from wrong
    if MEANT_AS_JSON.match(text.lstrip()):
        raise Wrong(f"{channel}: Here stands JSON inside JSON. Write the text itself.")
    return text


def _load(text: str) -> object:
    try:
        return load(text.strip())
    except json.JSONDecodeError as error:
        raise Wrong(
            f"It begins like JSON and is none: at sign {error.pos + 1}, {error.msg}. "
            "Repair it, or write the text alone."
        ) from error
    except Wrong as wrong:
        raise Wrong(f"It begins like JSON and cannot be read: {wrong}.") from wrong


def _hides_json(text: str) -> bool:
    """Whether the whole text is one JSON string with an object inside."""
    try:
        inside = load(text.strip())
    except ValueError:
        return False
    return isinstance(inside, str) and MEANT_AS_JSON.match(inside.lstrip()) is not None
