"""What the model's side was told to be, and what it says it is: known, sent, in force.

``session.updated`` carries no event id (OpenAI Realtime, "Changing it mid-session"), so every
echo is found by its hash among the texts sent on this socket; one update is in flight at most.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from hashlib import sha256
from typing import Any
from uuid import UUID

from calls.domain import events
from calls.domain.commands import Command, Record, ToModel, log
from calls.domain.configuration import Configuration, changed_session, full_session
from calls.domain.records import KnownBy, ReceiptRecord, Result, Route, Stamp

RESEND_AFTER = 3.0  # seconds after the first sending
GIVE_UP_AFTER = 8.0
REFUSALS = frozenset(
    {
        "invalid_event",
        "invalid_value",
        "missing_required_parameter",
        "unknown_parameter",
        "cannot_update_voice",
    }
)


class Echo(Enum):
    """What an echo of the session turned out to be."""

    ACKNOWLEDGED = auto()
    OLDER = auto()
    ALTERED = auto()


@dataclass(frozen=True, slots=True)
class Notice:
    """A revision that the call came to know of: what it says, by which way, and when."""

    configuration: Configuration
    route: Route
    received: float
    committed: float | None = None


@dataclass(frozen=True, slots=True)
class _InFlight:
    notice: Notice
    session: Mapping[str, Any]
    first_sent: float
    event_ids: tuple[str, ...]


class Updates:
    """The words of one model session: what is known, what was sent, what is in force."""

    def __init__(self, first: Notice, new_id: Callable[[], UUID]) -> None:
        self.known = first.configuration
        self.in_force = ""  # fingerprint of the text that the model's side holds; "" = its own
        self.in_flight: _InFlight | None = None
        self.pending: Notice | None = first
        self._applied: Configuration | None = None  # the last one acknowledged
        self._sent: dict[str, Notice] = {}  # by fingerprint, every text sent on this socket
        self._given_up: set[str] = set()
        self._doubt = ""  # a text that was sent, never answered, and may be in force
        self._new_id = new_id
        self._count = 0

    def learn(self, notice: Notice) -> list[Command]:
        """Take newer instructions; an echo or an older revision changes nothing."""
        if notice.configuration.revision <= self.known.revision:
            return []
        self.known = notice.configuration
        commands: list[Command] = []
        if self.pending is not None:
            if self._applied is None and self.in_flight is None:  # nothing was sent yet
                self.pending = replace(notice, route=self.pending.route)
                return []
            commands.append(self._receipt(self.pending, Result.SUPERSEDED))
            self.pending = None
        if self._stands(notice.configuration):
            held = notice.configuration.instructions.held
            commands.append(self._receipt(notice, Result.HELD if held else Result.UNCHANGED))
            self._move_silently(notice.configuration)
        else:
            self.pending = notice
        return commands

    def _stands(self, configuration: Configuration) -> bool:
        """Whether what is in force, or about to be, already says the same."""
        if self.in_flight is not None:
            return configuration.speaks_as(self.in_flight.notice.configuration)
        if self._applied is None or self.in_force != self._applied.instructions.fingerprint:
            return False
        return configuration.speaks_as(self._applied)

    def _move_silently(self, configuration: Configuration) -> None:
        if self.in_flight is None:
            self._applied = configuration
        else:
            notice = replace(self.in_flight.notice, configuration=configuration)
            self.in_flight = replace(self.in_flight, notice=notice)

    def send(self, now: float) -> list[Command]:
        """Send what is pending; only called while nothing is in flight."""
        notice, self.pending = self.pending, None
        if notice is None or self.in_flight is not None:
            return []
        self.in_flight = _InFlight(notice, self._session_for(notice.configuration), now, ())
        self._sent[notice.configuration.instructions.fingerprint] = notice
        return self._transmit()

    def _session_for(self, configuration: Configuration) -> dict[str, Any]:
        if self._applied is None:
            return full_session(configuration)
        session = changed_session(self._applied, configuration)
        if self.in_force != configuration.instructions.fingerprint:
            session["instructions"] = configuration.instructions.text
        return session

    def _transmit(self) -> list[Command]:
        assert self.in_flight is not None  # noqa: S101 - both callers have just seen it
        self._count += 1
        event_id = f"update-{self._count}"
        event_ids = (*self.in_flight.event_ids, event_id)
        self.in_flight = replace(self.in_flight, event_ids=event_ids)
        instructions = self.in_flight.notice.configuration.instructions
        return [
            ToModel(events.build_update(event_id, self.in_flight.session)),
            log(
                "session.update_sent",
                attempt=len(event_ids),
                revision=instructions.revision,
                version=instructions.version,
                fingerprint=instructions.fingerprint,
                length=len(instructions.text),
            ),
        ]

    def echoed(self, text: str | None, now: float) -> tuple[Echo, list[Command]]:
        """The model's side says what it holds; ``None`` when it does not show the text."""
        if text is None:
            return self._acknowledge(Result.ACKNOWLEDGED_UNSEEN, "", now, normalised=False)
        received = sha256(text.encode()).hexdigest()
        fingerprint, normalised = self._find(received, text)
        self.in_force, self._doubt = fingerprint or received, ""
        expected = self.in_flight and self.in_flight.notice.configuration.instructions.fingerprint
        line = log(
            "session.updated",
            received_hash=received,
            expected_hash=expected or "",
            match=fingerprint == expected if expected else bool(fingerprint),
            normalised=normalised,
        )
        if not fingerprint:
            return Echo.ALTERED, [line]
        if fingerprint == expected:
            echo, commands = self._acknowledge(Result.ACKNOWLEDGED, received, now, normalised)
            return echo, [line, *commands]
        return Echo.OLDER, [line, *self._late(fingerprint, received, now)]

    def _find(self, received: str, text: str) -> tuple[str, bool]:
        if received in self._sent:
            return received, False
        plain = _canonical(text)
        for fingerprint, notice in reversed(self._sent.items()):
            if _canonical(notice.configuration.instructions.text) == plain:
                return fingerprint, True
        return "", False

    def _acknowledge(
        self, result: Result, echoed: str, now: float, normalised: bool
    ) -> tuple[Echo, list[Command]]:
        if self.in_flight is None:
            return Echo.OLDER, []
        flight, self.in_flight = self.in_flight, None
        self._applied = flight.notice.configuration
        self.in_force = self._applied.instructions.fingerprint
        receipt = self._receipt(
            flight.notice,
            result,
            sent=flight.first_sent,
            acknowledged=now,
            hash_echoed=echoed,
            normalised=normalised,
        )
        return Echo.ACKNOWLEDGED, [receipt]

    def _late(self, fingerprint: str, echoed: str, now: float) -> list[Command]:
        notice = self._sent[fingerprint]
        if self.in_flight is None:
            self._applied = notice.configuration
        if fingerprint not in self._given_up:
            return []
        self._given_up.discard(fingerprint)
        result = Result.ACKNOWLEDGED_LATE
        return [self._receipt(notice, result, acknowledged=now, hash_echoed=echoed)]

    def refused(self, error: events.ModelError) -> list[Command]:
        """The model's side refused the update in flight; it changed nothing there."""
        flight = self.in_flight
        if flight is None:
            return []
        ours = error.event_id in flight.event_ids
        if not ours and (error.event_id or error.code not in REFUSALS):
            return []
        self.in_flight = None
        detail = f"{error.code}: {error.message}"[:500]
        return [self._receipt(flight.notice, Result.REFUSED, sent=flight.first_sent, detail=detail)]

    @property
    def deadline(self) -> float | None:
        """When to look again at an update that nobody answered."""
        if self.in_flight is None:
            return None
        once = len(self.in_flight.event_ids) == 1
        return self.in_flight.first_sent + (RESEND_AFTER if once else GIVE_UP_AFTER)

    def tick(self, now: float) -> list[Command]:
        """Send again after three seconds, give up after eight; the slot is then free."""
        flight = self.in_flight
        if flight is None or self.deadline is None or now < self.deadline:
            return []
        if len(flight.event_ids) == 1:
            return self._transmit()
        self.in_flight = None
        fingerprint = flight.notice.configuration.instructions.fingerprint
        self._given_up.add(fingerprint)
        self._doubt = fingerprint
        return [
            self._receipt(flight.notice, Result.UNVERIFIED, sent=flight.first_sent),
            log("session.unverified", fingerprint=fingerprint, revision=self.known.revision),
        ]

    def close(self) -> list[Command]:
        """The call is over: what was not answered never will be."""
        commands: list[Command] = []
        if self.in_flight is not None:
            sent = self.in_flight.first_sent
            commands.append(self._receipt(self.in_flight.notice, Result.CALL_ENDED, sent=sent))
        if self.pending is not None:
            commands.append(self._receipt(self.pending, Result.CALL_ENDED))
        self.in_flight = self.pending = None
        return commands

    def stamp(self) -> Stamp:
        """What a response stands under that the model begins at this place in the socket."""
        notice = self._sent.get(self.in_force)
        if notice is None:
            return Stamp(self.in_force, KnownBy.UNVERIFIED, self.known.revision, 0, None)
        instructions = notice.configuration.instructions
        if self._applied is not None and self._applied.instructions.fingerprint == self.in_force:
            instructions = self._applied.instructions
        known_by, following = self._certainty()
        return Stamp(
            fingerprint=self.in_force,
            known_by=known_by,
            revision=instructions.revision,
            version=instructions.version,
            version_id=instructions.version_id,
            next_fingerprint=following,
        )

    def _certainty(self) -> tuple[KnownBy, str]:
        if self.in_flight is not None:
            following = self.in_flight.notice.configuration.instructions.fingerprint
            if following != self.in_force:
                return KnownBy.ORDER_IN_FLIGHT, following
        if self._doubt and self._doubt != self.in_force:
            return KnownBy.UNVERIFIED, self._doubt
        return KnownBy.ORDER, ""

    def _receipt(self, notice: Notice, result: Result, **facts: Any) -> Record:
        instructions = notice.configuration.instructions
        sent = facts.get("sent") is not None or "hash_echoed" in facts
        return Record(
            ReceiptRecord(
                id=self._new_id(),
                revision=instructions.revision,
                version=instructions.version,
                version_id=instructions.version_id,
                result=result,
                route=notice.route,
                hash_sent=instructions.fingerprint if sent else "",
                committed=notice.committed,
                received=notice.received,
                **facts,
            )
        )


def _canonical(text: str) -> str:
    """The text as an echo may lawfully differ from it: form of letters, line ends, edges."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
