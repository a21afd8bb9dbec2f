"""The model's answers: which one is being generated, what each said, what was heard of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from math import inf
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from calls.domain import entries, events
from calls.domain.commands import Told
from calls.domain.entries import FINGERPRINT_KEY, REQUEST_KEY
from calls.domain.frames import BYTES_PER_MS
from calls.domain.playback import Item
from calls.domain.records import KnownBy, Speaker, Stamp, TurnRecord

OCCUPIED = "conversation_already_has_active_response"
BLOCKED = 1.0  # seconds until we ask again while we do not see what the model is busy with
ANSWERED_WITHIN = 5.0  # seconds from a ``response.create`` to its ``response.created``
LOST = "lost"  # the status of an answer whose session was lost, beside those of the model
GENERATED_WITHIN = 20.0  # seconds; a model generates faster than it is spoken


class Purpose(StrEnum):
    """What we ask for an answer of our own."""

    GREETING = "greeting"
    RETRY = "retry"
    RESUME = "resume"
    TOOL = "tool"  # what follows from the answers to its tool calls
    GOODBYE = "goodbye"


class Wish(Struct, frozen=True):
    """An answer that we want the model to begin, under a text of its own or the session's."""

    purpose: Purpose
    latest: float  # no update that nobody answers keeps it longer than this
    instructions: str = ""
    attempt: int = 1
    note: str = ""  # what the model is told of the conversation before it
    only_words: bool = False  # it may not call a tool in place of speaking

    @property
    def opens_the_call(self) -> bool:
        """Whether the model has not heard the caller before it."""
        return self.purpose is Purpose.GREETING and self.attempt == 1

    @property
    def own_fingerprint(self) -> str:
        """The name of its own instructions; "" where it stands under the session's."""
        return sha256(self.instructions.encode()).hexdigest() if self.instructions else ""


class Request(Struct, frozen=True):
    """A ``response.create`` that is on its way."""

    event_id: str
    wish: Wish
    sent: float
    withdrawn: bool = False

    @property
    def deadline(self) -> float:
        """When nobody expects its answer any more."""
        return self.sent + ANSWERED_WITHIN


@dataclass(slots=True)
class Response:
    """One answer, from ``response.created`` until its last sound was heard or cut."""

    turn: TurnRecord
    wish: Wish | None = None
    muted: bool = False
    done: bool = False
    done_by: float = inf  # when to give it up, on the call's monotonic clock
    generated: int = 0  # bytes of mu-law
    heard: int = 0  # bytes that certainly reached the caller's ear
    words: list[str] = field(default_factory=list)
    items: set[str] = field(default_factory=set)  # in the playback ledger
    passed_on: set[str] = field(default_factory=set)
    unheard: set[str] = field(default_factory=set)  # came when nobody wanted them any more

    @property
    def response_id(self) -> str:
        """The model's name for it."""
        return self.turn.response_id

    @property
    def is_over(self) -> bool:
        """Whether nothing more is generated, and all that was has been heard or cut."""
        return self.done and not self.items

    def row(self) -> TurnRecord:
        """The turn as far as it is known now."""
        text = "".join(self.words)
        return replace(
            self.turn,
            text=text,
            heard=heard_part(text, self.heard, self.generated),
            generated_ms=self.generated // BYTES_PER_MS,
            heard_ms=self.heard // BYTES_PER_MS,
        )


class Responses:
    """All answers of one call; at most one is being generated."""

    def __init__(self, new_id: Callable[[], UUID]) -> None:
        self.active: Response | None = None
        self.wish: Wish | None = None
        self.request: Request | None = None
        self.blocked_until: float | None = None  # the model is busy with what we do not see
        self._names_come_back = True  # whether this model's side returns our metadata
        self._open: dict[str, Response] = {}
        self._met: set[str] = set()
        self._asked: dict[str, Wish] = {}
        self._new_id = new_id
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether an answer is being generated or was asked for."""
        return self.active is not None or self.request is not None

    @property
    def pending(self) -> bool:
        """Whether an answer is being generated, was asked for or is wished for."""
        return self.busy or self.wish is not None

    @property
    def owes(self) -> bool:
        """Whether an answer that is still wanted was not generated to its end."""
        is_wanted = self.active is not None and not self.active.muted
        is_asked_for = self.request is not None and not self.request.withdrawn
        return is_wanted or is_asked_for or self.wish is not None

    def want(self, wish: Wish) -> None:
        """Take a wish; one that waits gives way only to a goodbye."""
        if self.wish is None or wish.purpose is Purpose.GOODBYE:
            self.wish = wish

    def ask(self, wish: Wish, now: float) -> Told:
        """Send the ``response.create`` for a wish; only called while not busy."""
        self.wish = self.blocked_until = None
        self._count += 1
        self.request = Request(f"create-{self._count}", wish, now)
        event_id, own = self.request.event_id, wish.own_fingerprint
        metadata = {REQUEST_KEY: event_id}
        if own:
            metadata[FINGERPRINT_KEY] = own
        self._asked[event_id] = wish
        return Told(
            events.build_create(
                event_id,
                instructions=wish.instructions,
                metadata=metadata,
                only_words=wish.only_words,
            ),
            entries.create_sent(
                event_id, purpose=wish.purpose.value, own=own, opens=wish.opens_the_call
            ),
        )

    def refused(self, error: events.ModelError, now: float) -> Request | None:
        """The model's side refused the ``response.create`` on its way, if the error is about it.

        An answer that is already being generated sends the wish back to wait for its end.
        """
        request, occupied = self.request, error.code == OCCUPIED
        if request is None:
            return None
        if error.event_id != request.event_id and (error.event_id or not occupied):
            return None
        self.request = None
        if occupied and not request.withdrawn:
            self.want(request.wish)
            self.blocked_until = None if self.active else now + BLOCKED
        return request

    def withdraw(self) -> None:
        """The caller speaks: an answer not yet begun is no longer wanted."""
        self.wish = None
        if self.request is not None:
            self.request = replace(self.request, withdrawn=True)

    def mute(self) -> Response | None:
        """The caller speaks over the answer being generated; None when there is none to stop."""
        active = self.active
        if active is None or active.muted:
            return None
        active.muted = True
        active.turn = replace(active.turn, interrupted=True)
        return active

    def is_known(self, response_id: str) -> bool:
        """Whether this answer has begun before, and so has its stamp."""
        return response_id in self._met

    def created(
        self, event: events.ResponseCreated, base: Stamp, position: int, now: float
    ) -> Response:
        """The model begins an answer, ours or its VAD's: give it its one stamp."""
        request = self._matching(event.metadata)
        named = REQUEST_KEY in event.metadata
        wish = request.wish if request else None
        # An answer to a request that we gave up stands under that request's words all the same.
        asked = self._asked.get(event.metadata[REQUEST_KEY]) if named else wish
        response = Response(
            turn=TurnRecord(
                id=self._new_id(),
                position=position,
                speaker=Speaker.AGENT,
                item_id="",
                started=now,
                response_id=event.response_id,
                stamp=stamp_of(asked, base, named=named),
                status="in_progress",
            ),
            wish=wish,
            done_by=now + GENERATED_WITHIN,
            # An answer that names a request which is no longer ours is an orphan.
            muted=(request.withdrawn if request else named),
        )
        if request is not None:
            self.request = None
        self.blocked_until = None
        self._met.add(event.response_id)
        self.active = self._open[event.response_id] = response
        return response

    def _matching(self, metadata: Mapping[str, str]) -> Request | None:
        if self.request is None:
            return None
        name = metadata.get(REQUEST_KEY)
        if name is not None:
            return self.request if name == self.request.event_id else None
        if self.request.wish.opens_the_call:  # ours: the VAD had nothing to answer yet
            self._names_come_back = False
        return None if self._names_come_back or self.request.withdrawn else self.request

    def generated(self, response_id: str, item_id: str, size: int) -> Response | None:
        """Some audio of an answer, ``size`` bytes; None for one that is over or unknown."""
        response = self._open.get(response_id)
        if response is None or response.done:
            return None
        response.generated += size
        if item_id not in response.passed_on:
            self._meet(response, item_id)
        return response

    def _meet(self, response: Response, item_id: str) -> None:
        if response.muted:
            response.unheard.add(item_id)
            return
        response.passed_on.add(item_id)
        response.items.add(item_id)
        response.turn = replace(response.turn, item_id=response.turn.item_id or item_id)

    def said(self, event: events.TranscriptDelta) -> None:
        """Some words of an answer; words of a cut answer are kept as generated."""
        response = self._open.get(event.response_id)
        if response is not None:
            response.words.append(event.delta)

    def finished(self, event: events.ResponseDone) -> Response | None:
        """The model is through with an answer; what was generated may still be playing."""
        self.blocked_until = None
        response = self._open.get(event.response_id)
        if self.active is not None and self.active.response_id == event.response_id:
            self.active = None
        if response is None or response.done:  # how it ended first is how it ended
            return None
        response.done = True
        response.turn = replace(response.turn, status=event.status, usage=event.usage)
        self._forget_if_over(response)
        return response

    def give_up(self) -> Response | None:
        """The model began an answer and never ends it: it counts as failed from now on."""
        if self.active is None:
            return None
        self.active.muted = True
        return self.finished(
            events.ResponseDone(self.active.response_id, "failed", "", "hung", None)
        )

    def lost(self) -> Response | None:
        """The model's session is gone, and with it whatever was asked for or being generated."""
        self.request = self.wish = self.blocked_until = None
        if self.active is None:
            return None
        return self.finished(events.ResponseDone(self.active.response_id, LOST, "", "", None))

    def heard(self, item: Item, *, cut: bool) -> Response | None:
        """An item left the playback ledger, heard whole or cut by the caller."""
        response = self._open.get(item.response_id)
        if response is None:
            return None
        response.items.discard(item.item_id)
        response.heard += item.heard
        response.turn = replace(response.turn, interrupted=response.turn.interrupted or cut)
        self._forget_if_over(response)
        return response

    def _forget_if_over(self, response: Response) -> None:
        if response.is_over:
            self._open.pop(response.response_id, None)

    def rest(self) -> list[Response]:
        """The answers that are not over, when the call is."""
        return list(self._open.values())


def stamp_of(wish: Wish | None, base: Stamp, *, named: bool) -> Stamp:
    """A response with a text of its own stands under exactly that, the others under ``base``."""
    if wish is None:
        return base
    known_by = KnownBy.METADATA if named else KnownBy.ORDER
    if not wish.instructions:
        return replace(base, known_by=known_by) if base.known_by is KnownBy.ORDER else base
    own, under = wish.own_fingerprint, base.fingerprint
    return replace(base, fingerprint=own, known_by=known_by, base_fingerprint=under)


def heard_part(text: str, heard: int, generated: int) -> str:
    """The words that were probably heard: the same share of the text as of its audio.

    Words and audio do not run evenly, so this is an estimate, cut at the end of a word.
    """
    if heard >= generated:
        return text if generated else ""
    part = text[: len(text) * heard // generated]
    if len(part) < len(text) and not text[len(part)].isspace():
        part = part[: part.rfind(" ") + 1]
    return part.rstrip()
