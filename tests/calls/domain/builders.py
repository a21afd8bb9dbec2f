"""Small makers of everything that a session is told, and a reader of what it answers."""

import itertools
import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from calls.domain import commands, events
from calls.domain.configuration import Configuration
from calls.domain.flights import Notice
from calls.domain.frames import Media
from calls.domain.phases import Phase
from calls.domain.records import ReceiptRecord, Result, Route, TurnRecord
from calls.domain.session import CallSession
from calls.domain.tools import Tool
from prompts.domain.agent import AgentSettings
from prompts.domain.kinds import Direction
from prompts.domain.layers import Instructions

STREAM = "MZ1"
AGENT = AgentSettings(
    model="gpt-realtime-2.1",
    voice="marin",
    vad="server_vad",
    threshold=0.5,
    prefix_padding_ms=300,
    silence_duration_ms=500,
    idle_timeout_ms=None,
    eagerness="auto",
    noise_reduction="near_field",
    transcription_model="gpt-transcribe",
    languages=("en",),
    max_call_seconds=600,
)


def words(revision: int, text: str = "", *, held: bool = False) -> Instructions:
    text = text or f"You answer calls under revision {revision}."
    return Instructions(
        business_id=7,
        direction=Direction.INBOUND,
        revision=revision,
        platform_revision=1,
        version=revision * 10,
        version_id=revision * 100,
        held=held,
        text=text,
        fingerprint=hash_of(text),
        words=hash_of(text),
        greeting="Hello.",
        opening=f"Say hello, under: {text}",
    )


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def configuration(
    revision: int = 1,
    text: str = "",
    *,
    held: bool = False,
    tools: tuple[Tool, ...] = (),
    **agent: Any,
) -> Configuration:
    return Configuration(words(revision, text, held=held), replace(AGENT, **agent), tools=tools)


def notice(
    revision: int, text: str = "", *, at: float = 0.0, held: bool = False, **agent: Any
) -> Notice:
    return Notice(configuration(revision, text, held=held, **agent), Route.PUSH, at, at)


def numbered() -> Any:
    numbers = itertools.count(1)
    return lambda: UUID(int=next(numbers))


def sound(size: int) -> str:
    return b64encode(b"\xff" * size).decode()


def media(size: int = 160) -> Media:
    return Media(sound(size), size)


def created(response_id: str, **metadata: str) -> events.ResponseCreated:
    return events.ResponseCreated(response_id, metadata)


def done(response_id: str, status: str = "completed", code: str = "") -> events.ResponseDone:
    return events.ResponseDone(response_id, status, "", code, {"total_tokens": 3})


def delta(response_id: str, size: int, item_id: str = "") -> events.AudioDelta:
    return events.AudioDelta(response_id, item_id or f"item-{response_id}", sound(size))


def error(code: str, event_id: str = "", param: str = "") -> events.ModelError:
    return events.ModelError(code, "invalid_request_error", "No.", event_id, param)


def echo(text: str | None, **audio: Any) -> events.SessionUpdated:
    session: dict[str, Any] = {} if text is None else {"instructions": text}
    return events.SessionUpdated(session | ({"audio": audio} if audio else {}))


def speech(item_id: str = "user-1") -> events.SpeechStarted:
    return events.SpeechStarted(item_id)


class Sent:
    """What a session answered, sorted by where it goes."""

    def __init__(self, answered: Iterable[commands.Command]) -> None:
        commands_and_notes = list(answered)
        self.notes = [c.entry for c in commands_and_notes if isinstance(c, commands.Note)]
        self.commands = [c for c in commands_and_notes if not isinstance(c, commands.Note)]

    @property
    def model(self) -> list[dict[str, Any]]:
        sent = (c for c in self.commands if isinstance(c, commands.ToModel))
        return [json.loads(command.data) for command in sent]

    @property
    def caller(self) -> list[dict[str, Any]]:
        sent = (c for c in self.commands if isinstance(c, commands.ToCaller))
        return [json.loads(command.text) for command in sent]

    def to_model(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.model if event["type"] == kind]

    def to_caller(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.caller if message["event"] == event]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.model]

    @property
    def marks(self) -> list[str]:
        return [message["mark"]["name"] for message in self.to_caller("mark")]

    def _rows(self) -> list[Any]:
        return [c.row for c in self.commands if isinstance(c, commands.Record)]

    @property
    def turns(self) -> list[TurnRecord]:
        return [row for row in self._rows() if isinstance(row, TurnRecord)]

    @property
    def receipts(self) -> list[tuple[int, Result]]:
        rows = [row for row in self._rows() if isinstance(row, ReceiptRecord)]
        return [(row.revision, row.result) for row in rows]

    @property
    def receipt(self) -> ReceiptRecord:
        (row,) = [row for row in self._rows() if isinstance(row, ReceiptRecord)]
        return row

    @property
    def logged(self) -> list[str]:
        return [c.line.event for c in self.commands if isinstance(c, commands.Log)]

    @property
    def end(self) -> commands.End | None:
        ends = [c for c in self.commands if isinstance(c, commands.End)]
        assert len(ends) < 2
        assert not ends or self.commands[-1] is ends[0]
        return ends[0] if ends else None


class Call:
    """A session that is told things one by one; its answers are kept in order."""

    def __init__(self, first: Configuration | None = None, **agent: Any) -> None:
        self.now = 0.0
        self.first = first = first or configuration(1, **agent)
        self.session = CallSession(first, stream_sid=STREAM, now=0.0, new_id=numbered())
        self.log: list[commands.Command] = []
        self.times: list[float] = []  # of each command in the log

    def _kept(self, answered: list[commands.Command]) -> Sent:
        self.log += answered
        self.times += [self.now] * len(answered)
        return Sent(answered)

    @property
    def all(self) -> Sent:
        return Sent(self.log)

    def hear(self, event: events.ServerEvent) -> Sent:
        return self._kept(self.session.model_event(event, self.now))

    def publish(self, news: Notice) -> Sent:
        news = replace(news, received=self.now)
        return self._kept(self.session.instructions_published(news, self.now))

    def frame(self, frame: Media) -> Sent:
        return self._kept(self.session.caller_audio(frame))

    def played(self, *names: str) -> Sent:
        return Sent([c for n in names for c in self._kept(self.session.mark_returned(n)).commands])

    def lose(self) -> Sent:
        return self._kept(self.session.model_lost("The model's socket closed.", self.now))

    def hang_up(self) -> Sent:
        return self._kept(self.session.caller_hung_up())

    def at(self, now: float) -> Sent:
        """Let the clock run to a moment, with a tick at every deadline on the way."""
        answered: list[commands.Command] = []
        for _ in range(100):
            deadline = self.session.deadline
            if deadline is None or deadline > now:
                self.now = now
                return Sent(answered)
            self.now = max(self.now, deadline)
            answered += self._kept(self.session.tick(self.now)).commands
        raise AssertionError(f"The timer spins at {self.now} for {self.session.deadline}.")

    def create_id(self) -> str:
        """The id of the newest ``response.create``."""
        return str(self.all.to_model("response.create")[-1]["event_id"])

    def answers_create(self, response_id: str) -> Sent:
        return self.hear(created(response_id, voiceagent_request=self.create_id()))


def configured(first: Configuration | None = None, **agent: Any) -> Call:
    """A call whose greeting was asked for and has not begun."""
    call = Call(first, **agent)
    call.hear(events.SessionCreated())
    call.hear(echo(call.session.known.instructions.text))
    assert call.session.phase is Phase.GREETING
    return call


def talking(first: Configuration | None = None, **agent: Any) -> Call:
    """A call whose greeting was spoken and heard."""
    call = configured(first, **agent)
    call.answers_create("greeting")
    marks = call.hear(delta("greeting", 1600)).marks
    marks += call.hear(done("greeting")).marks
    call.played(*marks)
    assert call.session.phase is Phase.TALKING
    return call
