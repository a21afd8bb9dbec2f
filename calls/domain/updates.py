"""What the model's side was told to be: what is known, what was sent, what waits.

What it says that it is stands in `standing`.
``session.updated`` carries no event id (OpenAI Realtime, "Changing it mid-session"), so every
echo is found by its hash among the texts sent on this socket; one update is in flight at most.
"""

from collections.abc import Callable, Collection
from enum import Enum, auto
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from calls.domain import entries, events
from calls.domain.commands import Command, Note, Record, Told, alarm
from calls.domain.configuration import (
    changed_session,
    full_session,
    renewed_session,
)
from calls.domain.flights import GIVE_UP_AFTER, InFlight
from calls.domain.flights import Notice as Notice
from calls.domain.pacing import Burst
from calls.domain.receipts import altered, echo_line, receipt, sent_line
from calls.domain.records import Result, Route, Stamp, TextRecord
from calls.domain.standing import Standing
from calls.domain.texts import Found, SentTexts


class Echo(Enum):
    """What an echo of the session turned out to be."""

    ACKNOWLEDGED = auto()
    OLDER = auto()
    ALTERED = auto()


class Updates:
    """Brings the newest words to the model's session, one update at a time."""

    def __init__(self, first: Notice, new_id: Callable[[], UUID]) -> None:
        self.known = first.configuration
        self.standing = Standing()
        self.in_flight: InFlight | None = None
        self.pending: Notice | None = first
        self.voice = first.configuration.agent.voice  # never changes once it was sent
        self._fallen_from: int | None = None  # the revision that was sent again for that
        self._refused: int | None = None  # the revision that was refused last
        self._has_returned = False  # this session was sent what stood in the one before
        self._texts = SentTexts()
        self._unanswered = 0  # sendings whose echo may still come
        self._burst = Burst()
        self._new_id = new_id
        self._count = 0

    def learn(self, notice: Notice) -> list[Command]:
        """Take newer instructions; an echo or an older revision changes nothing.

        A call that began with a part missing takes the whole of the same revision too.
        """
        newer_than = self.known.revision if self.known.is_whole else self.known.revision - 1
        if notice.configuration.revision <= newer_than:
            return []
        self.known = notice.configuration
        older, self.pending = self.pending, notice
        learned = Note(entries.learned(notice))
        if older is not None and self._count == 0:  # the call simply starts with the newest
            self.pending = replace(notice, route=older.route)
            return [learned]
        overtaken = [] if older is None else self._receipt(older, Result.SUPERSEDED)
        settled = self._settle()
        if self.pending is not None:
            self._burst.changed(notice.received)
        return [learned, *overtaken, *settled]

    def ask(self, notice: Notice) -> list[Command]:
        """Take what a person asked to be sent again: newer words, or those that are known."""
        if notice.configuration.revision < self.known.revision:  # never back to older words
            notice = replace(notice, configuration=self.known)
        self.known = notice.configuration
        self.hurry()
        older, self.pending = self.pending, notice
        asked = Note(entries.learned(notice))
        if self._count == 0:  # nothing was sent yet: the call simply starts with these
            self.pending = replace(notice, route=Route.START)
            return [asked]
        overtaken = [] if older is None else self._receipt(older, Result.SUPERSEDED)
        return [asked, *overtaken, *self._settle()]

    def _settle(self) -> list[Command]:
        """Nothing need be sent where what certainly stands already says the same."""
        notice = self.pending
        if notice is None or notice.force or self.in_flight is not None:
            return []
        if self.standing.says(notice.configuration):
            self.pending = None
        elif self.standing.said_before(notice.configuration):
            self.pending = replace(notice, has_result=True)  # the next session has to be sent it
        else:
            return []
        self.standing.take(notice.configuration)
        held = notice.configuration.instructions.held
        return self._receipt(notice, Result.HELD if held else Result.UNCHANGED)

    @property
    def sendable(self) -> bool:
        """Whether an update waits for nothing but its turn."""
        if self.in_flight is not None:
            return self.in_flight.is_due
        return self.pending is not None and self._burst.holds_until is None

    def hurry(self) -> None:
        """Hold nothing back for changes that may follow."""
        self._burst.let_go()

    def send(self, now: float) -> list[Command]:
        """Send what is pending; while an update is in flight only that leaves again, when due."""
        notice = self.pending
        waits = self.in_flight
        if waits is not None:
            return self._transmit(waits.sent_as(self._next_name())) if waits.is_due else []
        if notice is None:
            return []
        self.pending = None
        if self.standing.applied is not None:  # the first of a session is no change
            self._burst.left(now)
        flight = InFlight(notice, self._session_for(notice), now, (self._next_name(),))
        self._texts.remember(notice.configuration)
        instructions = notice.configuration.instructions
        text = TextRecord(instructions.fingerprint, instructions.text, instructions.parts)
        return [Record(text), *self._transmit(flight)]  # what an entry names is kept before it

    def _next_name(self) -> str:
        self._count += 1
        return f"update-{self._count}"

    def _session_for(self, notice: Notice) -> dict[str, Any]:
        configuration = notice.configuration
        if self._count == 0:
            self.voice = configuration.agent.voice
        if self.standing.applied is None:
            return full_session(configuration, self.voice)
        # Without certainty what stands now may differ in any key that an update may carry.
        if notice.force or not self.standing.is_known:
            return renewed_session(configuration)
        return changed_session(self.standing.applied, configuration)

    def _transmit(self, flight: InFlight) -> list[Command]:
        """Send it under the newest of its names."""
        self._unanswered += 1
        self.in_flight = flight
        data = events.build_update(flight.event_ids[-1], flight.session)
        return [Told(data, entries.update_sent(flight)), sent_line(flight)]

    def echoed(self, event: events.SessionUpdated, now: float) -> tuple[Echo, list[Command]]:
        """The model's side says what it holds."""
        owed = self._earlier_echoes_owed()
        self._unanswered = max(0, self._unanswered - 1)
        flight, text = self.in_flight, event.instructions
        awaited = flight.notice.fingerprint if flight else ""
        shown = Found("", awaited) if text is None else self._texts.find(text)
        denied = self.standing.denied(event.session, shown.fingerprint, flight)
        note = Note(entries.echo(shown, denied))
        is_denied = flight is not None and flight.notice.configuration.settings_name in denied
        if text is None:
            if flight is None or owed or is_denied:
                return Echo.OLDER, [note]
            return Echo.ACKNOWLEDGED, [note, *self._acknowledge(flight, shown, now)]
        lines = [note, echo_line(shown, flight, is_denied=is_denied)]
        if not shown.fingerprint:
            self.standing.fall_to_other(shown.received)
            if flight is not None:  # what came back instead belongs on its receipt
                self.in_flight = replace(flight, altered=shown.received)
            alarms = altered(text, shown, flight)
            return Echo.ALTERED, [*lines, *alarms, *self._return(shown.received, now)]
        # An echo of what stood before may belong to an earlier sending of the same words.
        earlier = is_denied or (owed and shown.fingerprint == self.standing.in_force)
        if flight is None or shown.fingerprint != awaited or earlier:
            return Echo.OLDER, [*lines, *self._older(shown, denied, now)]
        return Echo.ACKNOWLEDGED, [*lines, *self._acknowledge(flight, shown, now)]

    def _earlier_echoes_owed(self) -> bool:
        ours = len(self.in_flight.event_ids) if self.in_flight else 0
        return self._unanswered > ours

    def _acknowledge(self, flight: InFlight, shown: Found, now: float) -> list[Command]:
        self.in_flight, self._fallen_from = None, None
        # All that was sent before was answered, or never will be.
        self._unanswered = min(self._unanswered, len(flight.event_ids) - 1)
        self.standing.confirm(flight.notice.configuration)
        acknowledged = self._receipt(
            flight.notice,
            Result.ACKNOWLEDGED if shown.received else Result.ACKNOWLEDGED_UNSEEN,
            sent=flight.first_sent,
            acknowledged=now,
            hash_echoed=shown.received,
            normalised=shown.normalised,
        )
        return [*acknowledged, *self._settle()]

    def _older(self, shown: Found, denied: Collection[str], now: float) -> list[Command]:
        """A text of ours that is not the one awaited: it is what is in force, all the same."""
        late = self.standing.doubted(shown.fingerprint, denied)
        if late is not None:
            return self._acknowledge_late(late, shown, now)
        self.standing.fall_to(shown.fingerprint, self._texts.configuration(shown.fingerprint))
        return [*self._settle(), *self._return(shown.fingerprint, now)]

    def _return(self, fallen_to: str, now: float) -> list[Command]:
        """What was confirmed stands no more, and nobody asked for that: send it again, once."""
        known = self.known.instructions
        is_new = self._fallen_from != known.revision and self.standing.proven >= known.revision
        is_free = self.in_flight is None and self.pending is None
        if not (is_new and is_free) or fallen_to == known.fingerprint:
            return []
        self._fallen_from = known.revision
        self.pending = Notice(self.known, Route.RECONCILE, now, has_result=True)
        revision = known.revision
        return [alarm("session.fell_back", fingerprint=fallen_to, revision=revision)]

    def _acknowledge_late(self, late: InFlight, shown: Found, now: float) -> list[Command]:
        self.standing.confirm_late(late)
        self._fallen_from = None
        acknowledged = self._receipt(
            replace(late.notice, receipt_id=None),  # a second row
            Result.ACKNOWLEDGED_LATE,
            sent=late.first_sent,
            acknowledged=now,
            hash_echoed=shown.received,
            normalised=shown.normalised,
        )
        return [*acknowledged, *self._settle()]

    def is_refused_by(self, error: events.ModelError) -> bool:
        """Whether an error is about the update in flight."""
        return self.in_flight is not None and self.in_flight.refused_by(error)

    def refused(self, error: events.ModelError) -> list[Command]:
        """The model's side refused the update in flight; it changed nothing there."""
        if error.event_id.startswith("update-"):
            self._unanswered = max(0, self._unanswered - 1)
        flight = self.in_flight
        if flight is None or not self.is_refused_by(error):
            return []
        self.in_flight = None
        detail = f"{error.code}: {error.message}"[:500]
        revision, earlier = flight.notice.configuration.revision, self._refused
        self._refused = revision
        if revision == earlier and flight.notice.receipt_id is None:  # by the session before too
            return self._settle()
        refused = self._unanswered_receipt(flight, Result.REFUSED, detail=detail)
        return [*refused, *self._settle()]

    def return_to_what_stood(self, now: float) -> list[Command]:
        """A new session refused what the call knows: it is sent what stood in the one before.

        That is never an older text than what was spoken under last. Newer words that wait go
        before it; nothing is sent where nothing stood.
        """
        self.hurry()
        if self.pending is not None:
            return []
        before = self.standing.before if self.standing.applied is None else None
        if before is None or before.speaks_as(self.known) or self._has_returned:
            return []
        self._has_returned = True  # what is refused as well is not sent again
        self.pending = Notice(before, Route.RECONNECT, now, has_result=True)
        fingerprint, revision = before.instructions.fingerprint, self.known.revision
        return [alarm("session.fell_back", fingerprint=fingerprint, revision=revision)]

    @property
    def deadline(self) -> float | None:
        """When to look again at an update that nobody answered, or that is held."""
        answered_by = None if self.in_flight is None else self.in_flight.deadline
        return min(filter(None, (answered_by, self._burst.holds_until)), default=None)

    def tick(self, now: float) -> list[Command]:
        """Due again after three seconds, given up after eight; the slot is then free."""
        self._burst.time_passed(now)
        flight = self.in_flight
        if flight is None or now < flight.deadline:
            return []
        if now < flight.first_sent + GIVE_UP_AFTER:
            self.in_flight = replace(flight, is_due=True)
            return []
        self.in_flight = None
        self.standing.doubt(flight)
        revision = flight.notice.configuration.revision
        return [
            Note(entries.update_given_up(flight)),
            *self._unanswered_receipt(flight, Result.UNVERIFIED),
            alarm("session.unverified", fingerprint=flight.notice.fingerprint, revision=revision),
        ]

    def lost(self, now: float) -> list[Command]:
        """The session is gone with all that stood in it: the next one gets what is known now.

        An update that it did not answer is answered there, or was overtaken.
        """
        flight, overtaken = self.in_flight, list[Command]()
        if flight is not None and self.pending is not None:
            overtaken = self._unanswered_receipt(flight, Result.SUPERSEDED)
        elif flight is not None:
            self.pending = flight.notice
        if self.pending is not None and self.pending.configuration.revision < self.known.revision:
            self.pending = None  # only for that session, which refused newer ones
        self.standing.lose()
        self.in_flight, self._texts, self._unanswered = None, SentTexts(), 0
        self._has_returned = False
        self._burst.let_go()
        self.pending = self._for_the_next_session(now)
        return [*overtaken, *self.standing.news()]

    def _for_the_next_session(self, now: float) -> Notice:
        if self._count == 0:
            return self.pending or Notice(self.known, Route.START, now)
        if self.pending is not None:
            return replace(self.pending, route=Route.RECONNECT)
        has_result = self.known.revision <= self.standing.proven
        return Notice(self.known, Route.RECONNECT, now, has_result=has_result)

    def close(self) -> list[Command]:
        """The call is over: what was not answered never will be."""
        commands: list[Command] = []
        if self.in_flight is not None:
            commands += self._unanswered_receipt(self.in_flight, Result.CALL_ENDED)
        if self.pending is not None:
            commands += self._receipt(self.pending, Result.CALL_ENDED)
        self.in_flight = self.pending = None
        return commands

    def stamp(self) -> Stamp:
        """What a response stands under that the model begins at this place in the socket."""
        return self.standing.stamp(self.known.revision, self.in_flight)

    def _unanswered_receipt(self, flight: InFlight, result: Result, **facts: Any) -> list[Command]:
        """The receipt of an update that was sent and not acknowledged."""
        return self._receipt(
            flight.notice, result, sent=flight.first_sent, hash_echoed=flight.altered, **facts
        )

    def _receipt(self, notice: Notice, result: Result, **facts: Any) -> list[Command]:
        return receipt(notice, result, self._new_id(), **facts)
