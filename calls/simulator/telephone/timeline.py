"""What happened in a simulated call, and when."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from calls.simulator.waiting import Notice


class Kind(StrEnum):
    """The sorts of things that happen around a call."""

    WEBHOOK = "webhook"  # a request of Twilio's was answered; detail is its path, code the status
    TWIML = "twiml"  # detail names the verbs
    STREAM_OPENED = "stream opened"
    STREAM_REFUSED = "stream refused"  # code is the HTTP status, 0 without one
    STREAM_CLOSED = "stream closed"  # code is the close code
    AGENT_SPEAKS = "agent speaks"
    AGENT_QUIET = "agent quiet"
    CLEARED = "cleared"  # the server threw out what was still to be played
    CALLER_SPEAKS = "caller speaks"
    CALLER_QUIET = "caller quiet"
    KEY = "key"
    SPOKEN_BY_TWILIO = "spoken by twilio"  # a Say verb; detail holds its words
    DIALLED = "dialled"  # a Dial verb; detail holds the number
    VIOLATION = "violation"
    ENDED = "ended"  # detail says how


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; ``at`` is in real seconds since the call was dialled."""

    at: float
    kind: Kind
    detail: str = ""
    code: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the moment as JSON has it."""
        return asdict(self) | {"at": round(self.at, 3)}

    def __str__(self) -> str:
        """Return one line for a person."""
        code = f" [{self.code}]" if self.code else ""
        return f"{self.at:8.3f} s  {self.kind}{code}  {self.detail}".rstrip()


@dataclass(slots=True)
class Timeline:
    """The moments of one call in their order."""

    began: float = field(default_factory=time.monotonic)
    moments: list[Moment] = field(default_factory=list)
    notice: Notice = field(default_factory=Notice)

    @property
    def seconds(self) -> float:
        """Real seconds since the call was dialled."""
        return time.monotonic() - self.began

    def add(self, kind: Kind, detail: str = "", code: int = 0) -> Moment:
        """Write down what just happened."""
        moment = Moment(self.seconds, kind, detail, code)
        self.moments.append(moment)
        self.notice.tell()
        return moment

    def of(self, kind: Kind) -> list[Moment]:
        """Return all moments of one kind so far."""
        return [moment for moment in self.moments if moment.kind is kind]

    def __iter__(self) -> Iterator[Moment]:
        """Go through the moments in their order."""
        return iter(self.moments)

    def __len__(self) -> int:
        """Count the moments."""
        return len(self.moments)
