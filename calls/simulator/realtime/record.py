"""What one connection received and sent, kept so that tests can wait for it and look at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from calls.simulator.realtime.client_events import Event
from calls.simulator.waiting import Notice


class Keep(Enum):
    """How much of a connection is written down."""

    NOTHING = "nothing"
    EVENTS = "events"
    AUDIO = "events and the caller's sound"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event and when it passed, by ``time.monotonic``."""

    at: float
    event: Event

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.event.get("type", ""))


Wanted = str | Callable[[Event], object]
"""An event's type, or a predicate over events."""


@dataclass(slots=True)
class SessionRecord:
    """One connection as the model sees it; of the caller's sound only the frames are counted."""

    id: str
    model: str
    headers: dict[str, str]
    number: int  # of the connection, from 1
    received: list[Entry] = field(default_factory=list)
    """Every client event in order; appends only with ``Keep.AUDIO``."""
    sent: list[Entry] = field(default_factory=list)
    """Every server event in order."""
    instructions_history: list[str] = field(default_factory=list)
    """Each text that was put in force by an update, the newest last."""
    session: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    """The effective session now."""
    appends: int = 0
    """How many frames of the caller's sound came in."""
    closed: bool = False
    notice: Notice = field(default_factory=Notice)

    @property
    def instructions(self) -> str:
        """The text in force, empty before the first update."""
        return self.instructions_history[-1] if self.instructions_history else ""

    def received_of(self, kind: str) -> list[Event]:
        """Return all client events of one type so far."""
        return [entry.event for entry in self.received if entry.type == kind]

    def sent_of(self, kind: str) -> list[Event]:
        """Return all server events of one type so far."""
        return [entry.event for entry in self.sent if entry.type == kind]

    @property
    def spoken(self) -> list[str]:
        """The transcript of every answer that was generated to its end or up to a cancel."""
        kind = "response.output_audio_transcript.done"
        return [str(event["transcript"]) for event in self.sent_of(kind)]

    async def wait_for(self, wanted: Wanted, *, after: int = 0, within: float = 5.0) -> Event:
        """Return the first client event wanted, past or to come, after so many received."""
        return await self._first(lambda: self.received[after:], wanted, within)

    async def wait_for_sent(self, wanted: Wanted, *, after: int = 0, within: float = 5.0) -> Event:
        """Return the first server event wanted, past or to come, after so many sent."""
        return await self._first(lambda: self.sent[after:], wanted, within)

    async def wait_until(
        self, holds: Callable[["SessionRecord"], object], *, within: float = 5.0
    ) -> None:
        """Wait until something holds for this record."""
        await self.notice.until(lambda: bool(holds(self)), within, "a session to become so")

    async def wait_closed(self, *, within: float = 5.0) -> None:
        """Wait until the connection is gone."""
        await self.notice.until(lambda: self.closed, within, "the session to close")

    async def _first(
        self, entries: Callable[[], list[Entry]], wanted: Wanted, within: float
    ) -> Event:
        def matches(event: Event) -> bool:
            if isinstance(wanted, str):
                return event.get("type") == wanted
            return bool(wanted(event))

        def probe() -> Event | None:
            return next((entry.event for entry in entries() if matches(entry.event)), None)

        what = f"the event {wanted}" if isinstance(wanted, str) else "an event"
        return await self.notice.until(probe, within, what)
