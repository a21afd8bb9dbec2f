"""What each answer of a call stood under, recomputed from the call's log and nothing else.

Written apart from `updates` and `responses`, which decided it during the call: this one only
reads, entry by entry, what was sent and what came back. Where the two disagree, one of them is
wrong, or somebody changed a row.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from calls.domain.endings import Endings
from calls.domain.flights import REFUSALS
from calls.domain.pages import Logged
from calls.domain.records import KnownBy, Stamp
from calls.domain.responses import OCCUPIED

Facts = Mapping[str, Any]  # Any: what JSON can hold


@dataclass(slots=True)
class Flight:
    """An update between its sending and its answer."""

    facts: Facts
    ids: list[str]


@dataclass(slots=True)
class Recount:
    """Reads a log; ``stamps`` and ``faults`` are complete when all of it was read."""

    stamps: dict[str, Stamp] = field(default_factory=dict)  # by response
    faults: list[str] = field(default_factory=list)
    sent: dict[str, Facts] = field(default_factory=dict)  # session texts by their fingerprint
    own_texts: set[str] = field(default_factory=set)  # of answers with instructions of their own
    echoes: set[str] = field(default_factory=set)  # hashes that came back
    receipts: dict[str, Facts] = field(default_factory=dict)  # by their ids
    endings: Endings = field(default_factory=Endings)
    begun: Facts | None = None  # None in a log of the time before they said how a call begins
    has_end: bool = False
    _flight: Flight | None = None
    _stands: Facts | None = None  # the update that an echo confirmed last
    _in_force: str = ""
    _sent_here: set[str] = field(default_factory=set)  # in the session of now
    _waiting: Facts | None = None
    _doubts: list[Facts] = field(default_factory=list)
    _echoes_due: int = 0
    _newest: int = 0
    _confirmed: bool = False
    _stood: Facts | None = None  # what certainly stood in the session that was lost
    _refused: bool = False  # the newest words, by a session that holds none of ours
    _creates: dict[str, Facts] = field(default_factory=dict)
    _open_create: str = ""
    _withdrawn: bool = False  # the caller spoke before the open create was answered
    _talking: bool = False
    _names_come_back: bool = True  # the model's side returns our metadata
    _generating: set[str] = field(default_factory=set)

    def read(self, entries: Iterable[Logged]) -> "Recount":
        """Follow the whole log."""
        number, ms = 0, 0.0
        for entry in entries:
            if entry.number != number + 1:
                self.faults.append(f"Entry {number + 1} is missing or out of order.")
            if entry.ms < ms:
                self.faults.append(f"Entry {entry.number} is earlier than the entry before it.")
            if self.has_end:
                self.faults.append(f"Entry {entry.number} stands after the end.")
            number, ms = entry.number, entry.ms
            reader = _READERS.get(entry.event)
            if reader:
                reader(self, entry.facts)
                self._settle()
        return self

    # What we learned and sent

    def _begin(self, facts: Facts) -> None:
        self.begun = facts

    def _learned(self, facts: Facts) -> None:
        self._see_revision(facts["revision"])
        self._waiting = facts

    def _see_revision(self, revision: int) -> None:
        if revision < self._newest:
            self.faults.append(f"Revision {revision} came after revision {self._newest}.")
        self._newest = max(self._newest, revision)

    def _update(self, facts: Facts) -> None:
        self._echoes_due += 1
        if self._generating:
            self.faults.append(f"{facts['id']} was sent while an answer was being generated.")
        if self._flight is not None:
            if facts["fingerprint"] != self._flight.facts["fingerprint"]:
                self.faults.append(f"{facts['id']} was sent while another update was in flight.")
            self._flight.ids.append(facts["id"])
            return
        if not self._goes_back_to(facts):
            self._see_revision(facts["revision"])
        self._flight, self._waiting = Flight(facts, [facts["id"]]), None
        self.sent[facts["fingerprint"]] = facts
        self._sent_here.add(facts["fingerprint"])

    def _goes_back_to(self, facts: Facts) -> bool:
        """Only where a new session refused newer words may it hold what stood in the last one."""
        stood = self._stood if self._refused else None
        return stood is not None and stood["fingerprint"] == facts["fingerprint"]

    def _update_given_up(self, facts: Facts) -> None:
        if self._flight is not None:
            self._doubts.append(self._flight.facts)
            self._flight = None

    def _create(self, facts: Facts) -> None:
        self._creates[facts["id"]] = facts
        self._open_create, self._withdrawn = facts["id"], False
        if facts["own"]:
            self.own_texts.add(facts["own"])

    def _create_given_up(self, facts: Facts) -> None:
        self._open_create = ""

    # What came back

    def _echo(self, facts: Facts) -> None:
        flight, received, shows = self._flight, facts["received"], facts["shows"]
        denied = facts.get("denied", ())
        repeated = self._echoes_due > (len(flight.ids) if flight else 0)
        self._echoes_due = max(0, self._echoes_due - 1)
        if not received:  # an echo without its text: of the update in flight, if of any
            if flight is not None and not repeated and flight.facts["settings"] not in denied:
                self._confirm(flight)
            return
        self.echoes.add(received)
        if shows and shows not in self._sent_here:
            self.faults.append(f"An echo shows {shows[:12]}, which this session was not sent.")
        if not shows:
            self._in_force = received
        elif (
            flight is not None
            and shows == flight.facts["fingerprint"]
            and flight.facts["settings"] not in denied
            and not (
                repeated and shows == self._in_force  # may be the echo of an earlier sending
            )
        ):
            self._confirm(flight)
        else:
            self._older(shows, denied)

    def _confirm(self, flight: Flight) -> None:
        self._flight, self._stands, self._confirmed = None, flight.facts, True
        self._refused = False
        self._in_force = flight.facts["fingerprint"]
        self._doubts = []
        self._echoes_due = min(self._echoes_due, len(flight.ids) - 1)

    def _older(self, shows: str, denied: Collection[str]) -> None:
        """A text of ours that is not the one awaited: it is in force, whatever we wanted."""
        self._in_force = shows
        for place, doubt in enumerate(self._doubts):
            if doubt["fingerprint"] == shows and doubt["settings"] not in denied:
                self._stands, self._doubts = doubt, self._doubts[place + 1 :]
                return
        if self._stands is None or self._stands["fingerprint"] != shows:
            self._stands = self.sent.get(shows)

    def _error(self, facts: Facts) -> None:
        about, flight = facts["about"], self._flight
        if about.startswith("update-"):
            self._echoes_due = max(0, self._echoes_due - 1)
        if flight is not None and _refuses(facts, flight):
            self._flight, self._refused = None, not self._confirmed
        if about == self._open_create or (not about and facts["code"] == OCCUPIED):
            self._open_create = ""

    def _settle(self) -> None:
        """A revision that says what stands already needs no update: it stands with it."""
        news, stands = self._waiting, self._stands
        if news is None or stands is None or self._flight is not None or self._doubts:
            return
        if news.get("force"):  # a person asked for it to be sent all the same
            return
        is_same = all(news[name] == stands[name] for name in ("fingerprint", "settings"))
        if is_same and self._in_force == stands["fingerprint"]:
            self._stands, self._waiting = news, None

    # The answers

    def _created(self, facts: Facts) -> None:
        response = facts["response"]
        if not self._confirmed or response in self.stamps:
            return  # nobody may speak before the words are confirmed; a second one is an echo
        if facts["request"] in (None, self._open_create):
            self._talking = True
        self._generating.add(response)
        self.endings.began(response)
        self.stamps[response] = self._stamp(facts["request"])

    def _done(self, facts: Facts) -> None:
        self._generating.discard(facts["response"])
        self.endings.done(facts["response"], facts)

    def _answer_given_up(self, facts: Facts) -> None:
        self._generating.discard(facts["response"])
        self.endings.given_up(facts["response"])

    def _receipt(self, facts: Facts) -> None:
        self.receipts[facts["id"]] = facts

    def _lost(self, facts: Facts) -> None:
        """The session is gone: the next one holds nothing yet, and nobody may speak in it."""
        if self._stands is not None:
            is_certain = not self._doubts and self._in_force == self._stands["fingerprint"]
            self._stood = self._stands if is_certain else None
        self._refused = False
        self._flight = self._stands = None
        self._in_force, self._confirmed, self._open_create = "", False, ""
        self._doubts, self._echoes_due = [], 0
        self._sent_here.clear()
        self._generating.clear()
        self.endings.lost()

    def _end(self, facts: Facts) -> None:
        self.has_end = True

    def _stamp(self, request: str | None) -> Stamp:
        base = self._base()
        create = self._creates.get(request) if request else self._unnamed()
        if create is None:
            return base
        if create["id"] == self._open_create:
            self._open_create = ""
        known_by = KnownBy.METADATA if request else KnownBy.ORDER
        if create["own"]:
            own, under = create["own"], base.fingerprint
            return replace(base, fingerprint=own, base_fingerprint=under, known_by=known_by)
        return replace(base, known_by=known_by) if base.known_by is KnownBy.ORDER else base

    def _unnamed(self) -> Facts | None:
        """The create that an answer without a name belongs to, if to any.

        The first answer of a call can only be ours: without a name, none of ours will have one.
        """
        create = self._creates.get(self._open_create)
        if create is not None and create["opens"]:
            self._names_come_back = False
        return None if self._names_come_back or self._withdrawn else create

    def _caller_spoke(self, facts: Facts) -> None:
        self._withdrawn = self._withdrawn or self._talking

    def _base(self) -> Stamp:
        """What the session's own answers stand under at this place."""
        stands = self._stands
        if stands is None or stands["fingerprint"] != self._in_force:
            return Stamp(self._in_force, KnownBy.UNVERIFIED, self._newest, 0, None)
        known_by, following = KnownBy.ORDER, ""
        doubtful = [doubt["fingerprint"] for doubt in self._doubts]
        if set(doubtful) - {self._in_force}:
            known_by, following = KnownBy.UNVERIFIED, doubtful[-1]
        elif self._flight is not None and self._flight.facts["fingerprint"] != self._in_force:
            known_by, following = KnownBy.ORDER_IN_FLIGHT, self._flight.facts["fingerprint"]
        return Stamp(
            fingerprint=self._in_force,
            known_by=known_by,
            revision=stands["revision"],
            version=stands["version"],
            version_id=stands["version_id"],
            next_fingerprint=following,
        )


def _refuses(facts: Facts, flight: Flight) -> bool:
    """Whether an error is about an update: by its id, else by its parameter, else by its code."""
    if facts["about"]:
        return facts["about"] in flight.ids
    if facts["param"]:
        return str(facts["param"]).partition(".")[0] == "session"
    return facts["code"] in REFUSALS


_READERS: dict[str, Callable[[Recount, Facts], None]] = {
    "begin": Recount._begin,
    "notice": Recount._learned,
    "session.update": Recount._update,
    "update.given_up": Recount._update_given_up,
    "response.create": Recount._create,
    "create.given_up": Recount._create_given_up,
    "session.updated": Recount._echo,
    "error": Recount._error,
    "response.created": Recount._created,
    "response.done": Recount._done,
    "response.given_up": Recount._answer_given_up,
    "speech_started": Recount._caller_spoke,
    "receipt": Recount._receipt,
    "model.lost": Recount._lost,
    "end": Recount._end,
}
