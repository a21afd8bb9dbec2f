"""What a voice webhook is answered with, in our own terms."""

from datetime import datetime

from msgspec import Struct

from calls.domain.reasons import EndReason
from prompts.domain.agent import Fallback
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started


class Connect(Struct, frozen=True):
    """Connect the caller to the agent through the media socket that ``token`` opens."""

    token: str
    call_sid: str
    business_id: int
    fallback: Fallback


class Speak(Struct, frozen=True):
    """Say the fallback words, then dial the fallback number or say goodbye."""

    fallback: Fallback
    reason: EndReason


class PutThrough(Struct, frozen=True):
    """Connect the caller to a person, as the agent said."""

    number: str


class HangUp(Struct, frozen=True):
    """End the call."""


Answer = Connect | Speak | PutThrough | HangUp


class Admission(Struct, frozen=True):
    """What a consumed token lets in: one call, its business and the clocks it began under.

    ``caller`` is the number of the person on the line, empty when it is withheld.
    """

    call_id: int
    call_sid: str
    account_sid: str
    business_id: int
    direction: Direction
    started: Started
    began_at: datetime
    caller: str = ""
