"""What the model's session holds, and how sure that is: told by its echoes and its silences."""

from collections.abc import Collection, Mapping
from typing import Any

from calls.domain import echoes
from calls.domain.commands import Record
from calls.domain.configuration import Configuration
from calls.domain.flights import InFlight
from calls.domain.records import ForeignText, KnownBy, Stamp
from calls.domain.texts import KEPT


class Standing:
    """The words of one session after the other; a new one holds nothing of ours yet."""

    def __init__(self) -> None:
        self.in_force = ""  # fingerprint of the text that it holds; "" = its own
        self.applied: Configuration | None = None  # the last one that an echo confirmed
        self.before: Configuration | None = None  # what certainly stood in one that was lost
        self.proven = 0  # the newest revision of which it is known that it stood
        self._told_foreign = ""  # what the row of the call says of a text that is none of ours
        self._reverted = False  # an older text came back; what came with it is not known
        self._doubts: list[InFlight] = []  # given up since the last echo: any may be in force

    @property
    def is_certain(self) -> bool:
        """Whether the session holds exactly what was confirmed last."""
        return self._is_ours and not self._doubts

    @property
    def _is_ours(self) -> bool:
        """Whether the text in force is the one that was confirmed last."""
        applied = self.applied
        return applied is not None and self.in_force == applied.instructions.fingerprint

    @property
    def is_known(self) -> bool:
        """Whether also what came with the words is as it was sent."""
        return self.is_certain and not self._reverted

    def says(self, configuration: Configuration) -> bool:
        """Whether what certainly stands already says the same."""
        return (
            self.is_certain and self.applied is not None and configuration.speaks_as(self.applied)
        )

    def said_before(self, configuration: Configuration) -> bool:
        """Whether this is what stood in the session that was lost, while no other stands."""
        before = self.before if self.applied is None else None
        return before is not None and configuration.speaks_as(before)

    def take(self, configuration: Configuration) -> None:
        """A newer revision says what stands, and stands with it."""
        if self.applied is not None:
            self.applied = configuration
        self._prove(configuration)

    def confirm(self, configuration: Configuration) -> None:
        """An echo showed it: what was sent before it comes into force no more."""
        self._doubts = []
        self._stand_on(configuration)

    def doubt(self, flight: InFlight) -> None:
        """Nobody answered an update: it may be in force or not."""
        self._doubts = [*self._doubts, flight][-KEPT:]

    def doubted(self, fingerprint: str, denied: Collection[str]) -> InFlight | None:
        """The update with this text that was given up, but for one with ``denied`` settings."""
        for doubt in self._doubts:
            is_denied = doubt.notice.configuration.settings_name in denied
            if doubt.notice.fingerprint == fingerprint and not is_denied:
                return doubt
        return None

    def confirm_late(self, late: InFlight) -> None:
        """An echo showed what was given up; later ones may still come into force."""
        self._doubts = self._doubts[self._doubts.index(late) + 1 :]
        self._stand_on(late.notice.configuration)

    def fall_to(self, fingerprint: str, configuration: Configuration | None) -> None:
        """A text of ours that is not the one awaited: it is what is in force, all the same."""
        if self.applied is None or self.applied.instructions.fingerprint != fingerprint:
            self.applied, self._reverted = configuration, True
        self.in_force = fingerprint

    def fall_to_other(self, received: str) -> None:
        """A text that is none of ours is in force; what was confirmed stands no more."""
        self.in_force = received

    def lose(self) -> None:
        """The session is gone, with all that stood in it."""
        if self.applied is not None:
            self.before = self.applied if self.is_certain else None
        self.applied, self.in_force, self._doubts = None, "", []

    def news(self) -> list[Record]:
        """What the row of the call is to say, where that has changed."""
        foreign = "" if self._is_ours else self.in_force
        if foreign == self._told_foreign:
            return []
        self._told_foreign = foreign
        return [Record(ForeignText(foreign))]

    def denied(
        self, session: Mapping[str, Any], fingerprint: str, flight: InFlight | None
    ) -> list[str]:
        """The settings sent with these words, by name, that an echo shows not to be in force.

        Words that stood already, or were sent twice, do not tell one update from another.
        """
        flights = self._doubts if flight is None else [*self._doubts, flight]
        sent = [
            one.notice.configuration for one in flights if one.notice.fingerprint == fingerprint
        ]
        stands = self.applied if self.in_force == fingerprint else None
        others = sent if stands is None else [stands, *sent]
        if len(others) < 2:
            return []
        return [one.settings_name for one in sent if echoes.denies(session, one, others)]

    def stamp(self, newest: int, flight: InFlight | None) -> Stamp:
        """What a response stands under that the model begins now.

        ``newest`` is the revision that the call knows of, ``flight`` what is on its way.
        """
        if self.applied is None or self.in_force != self.applied.instructions.fingerprint:
            return Stamp(self.in_force, KnownBy.UNVERIFIED, newest, 0, None)
        known_by, following = self._certainty(flight)
        instructions = self.applied.instructions
        return Stamp(
            fingerprint=self.in_force,
            known_by=known_by,
            revision=instructions.revision,
            version=instructions.version,
            version_id=instructions.version_id,
            next_fingerprint=following,
        )

    def _certainty(self, flight: InFlight | None) -> tuple[KnownBy, str]:
        doubts = [doubt.notice.fingerprint for doubt in self._doubts]
        if any(fingerprint != self.in_force for fingerprint in doubts):
            return KnownBy.UNVERIFIED, doubts[-1]
        if flight is not None and flight.notice.fingerprint != self.in_force:
            return KnownBy.ORDER_IN_FLIGHT, flight.notice.fingerprint
        return KnownBy.ORDER, ""

    def _stand_on(self, configuration: Configuration) -> None:
        self.applied, self._reverted = configuration, False
        self.in_force = configuration.instructions.fingerprint
        self._prove(configuration)

    def _prove(self, configuration: Configuration) -> None:
        self.proven = max(self.proven, configuration.revision)
