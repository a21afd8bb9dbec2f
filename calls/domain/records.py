"""What a session wants remembered: plain rows, before any database sees them."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, field

from prompts.domain.layers import Part


class Speaker(StrEnum):
    """Who spoke a turn."""

    CALLER = "caller"
    AGENT = "agent"


class KnownBy(StrEnum):
    """How it is known which instructions a response stood under."""

    METADATA = "metadata"  # we asked for it, and its metadata came back
    ORDER = "order"  # nothing was in flight when it was created
    ORDER_IN_FLIGHT = "order_in_flight"  # it began between our update and its echo
    UNVERIFIED = "unverified"  # what is in force is not a text that we sent


class Result(StrEnum):
    """What became of one revision in one call."""

    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGED_UNSEEN = "acknowledged_unseen"
    ACKNOWLEDGED_LATE = "acknowledged_late"
    UNCHANGED = "unchanged"
    HELD = "held"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    UNVERIFIED = "unverified"
    CALL_ENDED = "call_ended"


class Route(StrEnum):
    """By which way a call came to know of a revision."""

    START = "start"
    PUSH = "push"
    RECONCILE = "reconcile"
    MANUAL = "manual"
    RECONNECT = "reconnect"


class Stamp(Struct, frozen=True):
    """The exact instructions that one response stood under, and how that is known."""

    fingerprint: str
    known_by: KnownBy
    revision: int
    version: int
    version_id: int | None
    base_fingerprint: str = ""  # the session's text, where the response had one of its own
    next_fingerprint: str = ""  # the text in flight, where the model began before its echo


class TurnRecord(Struct, frozen=True):
    """One turn of the conversation; written again under the same id as more becomes known."""

    id: UUID
    position: int
    speaker: Speaker
    item_id: str
    started: float  # seconds of the call's monotonic clock
    text: str = ""
    heard: str = ""
    generated_ms: int = 0
    heard_ms: int = 0
    interrupted: bool = False
    status: str = ""
    response_id: str = ""
    stamp: Stamp | None = None
    usage: Mapping[str, object] | None = None


class ReceiptRecord(Struct, frozen=True):
    """What became of a revision in this call; written once, at its result."""

    id: UUID
    revision: int
    version: int
    version_id: int
    result: Result
    route: Route
    hash_sent: str = ""
    hash_echoed: str = ""
    normalised: bool = False
    detail: str = ""
    committed: float | None = None  # these four: seconds of the call's monotonic clock
    received: float | None = None
    sent: float | None = None
    acknowledged: float | None = None


class TextRecord(Struct, frozen=True):
    """A text that is about to be sent: the session's by its layers, an answer's own as it is."""

    fingerprint: str
    text: str
    parts: tuple[Part, ...] = ()


class LogLine(Struct, frozen=True):
    """One structured line for the operator's log."""

    event: str
    fields: Mapping[str, object] = field(default_factory=dict)
    alarm: bool = False  # somebody has to look at this


class ForeignText(Struct, frozen=True):
    """A text that is none of ours is in force from now on, or ("") is so no longer."""

    fingerprint: str


class FirstAudio(Struct, frozen=True):
    """The moment at which the first sound for the caller left us."""

    at: float
