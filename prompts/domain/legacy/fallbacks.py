"""What the old system said in a direction for which a business had written nothing."""

from dataclasses import dataclass
from enum import StrEnum

from prompts.domain.kinds import Direction

from .records import PROMPTS, SYSTEM, Record


class LivedOn(StrEnum):
    """What was spoken in a direction that has no live prompt here."""

    OWN_TEXT = "own_text"  # which cannot be published as it is
    WHATSAPP = "whatsapp"
    OTHER_DIRECTION = "other_direction"
    SYSTEM_PROMPT = "system_prompt"
    BUILT_IN = "built_in"
    UNKNOWN = "unknown"  # the file says nothing of the business


@dataclass(frozen=True, slots=True)
class Fallback:
    """What callers really heard; ``text`` is empty when it may not be offered here."""

    lived_on: LivedOn
    field: str = ""
    text: str = ""


def fallback_of(record: Record, direction: Direction) -> Fallback:
    """What was spoken in place of a text of this direction's own.

    A text for WhatsApp was spoken too, and is never offered: it was written for another channel.
    """
    other = next(one for one in Direction if one is not direction)
    for one in (direction, other):
        words, name = record.prompts[one], PROMPTS[one]
        if words.calls:
            return Fallback(LivedOn.OTHER_DIRECTION, name, words.calls)
        if words.whatsapp:
            return Fallback(LivedOn.WHATSAPP, name)
    if record.system.calls:
        return Fallback(LivedOn.SYSTEM_PROMPT, SYSTEM, record.system.calls)
    return Fallback(LivedOn.BUILT_IN)
