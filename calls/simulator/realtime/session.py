"""One session of the model: what each client event does, and what the model does by itself."""

import itertools
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from calls.simulator import mulaw
from calls.simulator.faults import Faults, applies
from calls.simulator.pace import Pace
from calls.simulator.realtime import client_events, schema, settings, updates
from calls.simulator.realtime.breaking import Breaking
from calls.simulator.realtime.client_events import Event
from calls.simulator.realtime.conversation import Conversation, Item, user_audio
from calls.simulator.realtime.listening import Ear, Heard, LongSilence
from calls.simulator.realtime.record import SessionRecord
from calls.simulator.realtime.response import Response
from calls.simulator.realtime.schema import Rejected
from calls.simulator.realtime.vad import SpeechStarted, SpeechStopped

SESSION_SECONDS = 3600
TRANSCRIPTION_SECONDS = 0.3


class Line(Protocol):
    """What a session sends to, and reports to."""

    def send(self, event: Event) -> None:
        """Send a server event."""

    def close(self, code: int, reason: str) -> None:
        """Close the connection; code 1006 breaks it off."""

    def put_in_force(self, session: settings.Session, *, with_instructions: bool) -> None:
        """Note the effective session after an update."""


class ModelSession:
    """Answers client events one by one; nothing here waits."""

    def __init__(
        self, line: Line, record: SessionRecord, *, faults: Faults, pace: Pace, latency: float
    ) -> None:
        self.pace = pace
        self.conversation = Conversation()
        self.session = settings.new_session(
            session_id=record.id,
            model=record.model,
            expires_at=int(time.time()) + SESSION_SECONDS,
        )
        self._line = line
        self.faults = faults
        self._breaking = Breaking(faults, record.number)
        self._latency = latency
        self._updates = updates.Updates(faults, pace, self._apply)
        self._ear = Ear()
        self._ear.configure(self.session)
        self._turn_item = ""
        self._responses: dict[str, Response] = {}
        self._active: Response | None = None
        self._response_count = 0
        self._event_numbers = itertools.count(1)
        self._is_open = True

    def begin(self) -> None:
        """Say that the session exists."""
        if not self.faults.created_missing:
            self.emit("session.created", session=self.session)
        if (expires_after := self._breaking.expires_after) is not None:
            self.pace.later(expires_after, self._expire)

    def end(self) -> None:
        """The connection is gone: timers that still run find nobody to talk to."""
        self._is_open = False
        for response in self._responses.values():
            response.stop()

    def receive(self, event: Event) -> None:
        """Do what a client asks, or answer with an error; the session goes on either way."""
        try:
            client_events.check(event)
            self._handlers[event["type"]](self, event)
        except Rejected as rejected:
            self.refuse(rejected, event.get("event_id"))

    def refuse(self, rejected: Rejected, event_id: object = None) -> None:
        """Send an error that names the client's event, where it can be told."""
        error = {
            "type": "invalid_request_error",
            "code": rejected.code,
            "message": rejected.message,
            "param": rejected.param,
            "event_id": event_id if isinstance(event_id, str) else None,
        }
        self.emit("error", error=error)

    # What a response needs of its session.

    def emit(self, kind: str, **fields: object) -> None:
        """Send one server event."""
        if self._is_open:
            number = next(self._event_numbers)
            self._line.send({"type": kind, "event_id": f"event_{number}", **fields})

    def new_id(self, prefix: str) -> str:
        """Return an id that nothing else has."""
        return f"{prefix}_{uuid.uuid4().hex[:20]}"

    def response_reached(self, response: Response, share: float) -> None:
        """Break the line off in the middle of the response that the faults name."""
        if self._breaking.in_response(response.number, share):
            self.break_off()

    def response_over(self, response: Response) -> None:
        """Free the place of the running response."""
        del self._responses[response.id]
        if self._active is response:
            self._active = None
            self._ear.expect_reply(mulaw.duration_ms(response.item.audio))
        if self._breaking.on_done():
            self.break_off()

    # Client events.

    def _update(self, event: Event) -> None:
        if self._breaking.on_update():
            self.break_off()
        else:
            self._updates.take(event)

    def _apply(self, event: Event, fault: str) -> None:
        try:
            changed = settings.updated(
                self.session,
                event["session"],
                has_spoken=self.conversation.has_model_audio,
                is_speaking=self._active is not None,
            )
        except Rejected as rejected:
            self.refuse(rejected, event.get("event_id"))
            return
        has_text = "instructions" in event["session"]
        self.session = updates.in_force(changed, fault if has_text else "ok")
        self._ear.configure(self.session)
        self._line.put_in_force(self.session, with_instructions=has_text)
        if fault != "missing":
            self.emit("session.updated", session=updates.shown(self.session, fault, self.faults))
        if self._breaking.on_updated():
            self.break_off()

    def _append(self, event: Event) -> None:
        audio = schema.decode_base64(event["audio"], "audio")
        self._require_mulaw("input")
        for change in self._ear.hear(audio):
            self._heard(change)

    def _commit(self, event: Event) -> None:
        self._add_turn(self.new_id("item"), self._ear.commit())

    def _clear(self, event: Event) -> None:
        self._ear.take()
        self.emit("input_audio_buffer.cleared")

    def _create_item(self, event: Event) -> None:
        body = {"id": self.new_id("item"), "object": "realtime.item", "status": "completed"}
        item = Item(body | event["item"])
        if item.body["type"] == "function_call":
            item.body.setdefault("call_id", self.new_id("call"))
        previous = self.conversation.insert(item, event.get("previous_item_id"))
        self._announce(item, previous)

    def _retrieve(self, event: Event) -> None:
        item = self.conversation.retrieve(event["item_id"])
        self.emit("conversation.item.retrieved", item=item.with_audio())

    def _truncate(self, event: Event) -> None:
        self.conversation.truncate(event["item_id"], event["audio_end_ms"])
        place = {key: event[key] for key in ("item_id", "content_index", "audio_end_ms")}
        self.emit("conversation.item.truncated", **place)

    def _delete(self, event: Event) -> None:
        self.conversation.delete(event["item_id"])
        self.emit("conversation.item.deleted", item_id=event["item_id"])

    def _create_response(self, event: Event) -> None:
        self._respond(event.get("response", {}))

    def _cancel(self, event: Event) -> None:
        wanted = event.get("response_id")
        response = self._responses.get(wanted) if wanted else self._active
        if response is None:
            message = "Cancellation failed: no active response found"
            raise Rejected("response_cancel_not_active", message)
        response.finish("cancelled", reason="client_cancelled")

    _handlers: Mapping[str, Callable[["ModelSession", Event], None]] = {
        "session.update": _update,
        "input_audio_buffer.append": _append,
        "input_audio_buffer.commit": _commit,
        "input_audio_buffer.clear": _clear,
        "conversation.item.create": _create_item,
        "conversation.item.retrieve": _retrieve,
        "conversation.item.truncate": _truncate,
        "conversation.item.delete": _delete,
        "response.create": _create_response,
        "response.cancel": _cancel,
    }

    # What happens by itself.

    def _heard(self, change: Heard) -> None:
        match change:
            case SpeechStarted():
                self._speech_started(change)
            case SpeechStopped(end_ms):
                kind = "input_audio_buffer.speech_stopped"
                self.emit(kind, audio_end_ms=end_ms, item_id=self._turn_item)
                self._turn_over()
            case LongSilence(start_ms, end_ms):
                self._turn_item = self.new_id("item")
                span = {"audio_start_ms": start_ms, "audio_end_ms": end_ms}
                self.emit("input_audio_buffer.timeout_triggered", **span, item_id=self._turn_item)
                self._turn_over()

    def _turn_over(self) -> None:
        self._add_turn(self._turn_item, self._ear.take())
        if self._ear.answers_by_itself:
            self._answer()

    def _speech_started(self, change: SpeechStarted) -> None:
        self._turn_item = self.new_id("item")
        kind, start = "input_audio_buffer.speech_started", change.start_ms
        self.emit(kind, audio_start_ms=start, item_id=self._turn_item)
        if self._active and self._ear.interrupts_by_itself:
            self._active.finish("cancelled", reason="turn_detected")

    def _answer(self) -> None:
        """Answer a turn; with ``interrupt_response`` off another answer may stand in the way."""
        try:
            self._respond({})
        except Rejected as rejected:
            self.refuse(rejected)

    def _respond(self, request: Mapping[str, Any]) -> None:
        in_conversation = request.get("conversation", "auto") != "none"
        if in_conversation and self._active:
            message = (
                f"Conversation already has an active response in progress: {self._active.id}. "
                "Wait until the response is finished before creating a new one."
            )
            raise Rejected("conversation_already_has_active_response", message)
        self._require_mulaw("output")
        self._response_count += 1
        if applies(self.faults.silence, self._response_count):
            return
        response = Response(self, self._response_count, request, self._latency)
        self._responses[response.id] = response
        self._active = response if in_conversation else self._active
        response.begin()
        if applies(self.faults.error, response.number):
            self._fail(response)

    def _fail(self, response: Response) -> None:
        kind, message = self.faults.error_type, "The server had an error (told to by the test)."
        if self.faults.error_event:
            error = {"type": kind, "code": None, "message": message, "param": None}
            self.emit("error", error=error | {"event_id": None})
        response.finish("failed", error={"type": kind, "code": kind, "message": message})

    def _add_turn(self, item_id: str, audio: bytes) -> None:
        item = user_audio(item_id, audio)
        previous = self.conversation.add(item)
        self.emit("input_audio_buffer.committed", item_id=item_id, previous_item_id=previous)
        self._announce(item, previous)
        if self.session["audio"]["input"]["transcription"] is not None:
            self.pace.later(TRANSCRIPTION_SECONDS, lambda: self._transcribe(item))

    def _transcribe(self, item: Item) -> None:
        """Say what can be known of tones: how long they were."""
        seconds = len(item.audio) / mulaw.SAMPLES_PER_SECOND
        kind = "conversation.item.input_audio_transcription"
        place = {"item_id": item.id, "content_index": 0}
        transcript = f"({seconds:.1f} seconds of speech)"
        self.emit(f"{kind}.delta", **place, delta=transcript)
        usage = {"type": "duration", "seconds": round(seconds, 2)}
        self.emit(f"{kind}.completed", **place, transcript=transcript, usage=usage)

    def _announce(self, item: Item, previous: str | None) -> None:
        for step in ("added", "done"):
            kind = f"conversation.item.{step}"
            self.emit(kind, item=item.body, previous_item_id=previous)

    def _require_mulaw(self, side: str) -> None:
        """The stand-in hears and speaks telephone sound only; the default format is another."""
        if self.session["audio"][side]["format"] != settings.AUDIBLE:
            path = f"session.audio.{side}.format"
            raise schema.invalid(path, "audio/pcmu, the only sound that the simulator handles")

    def break_off(self) -> None:
        """Break the connection off, in the middle of whatever it is."""
        self._line.close(1006, "")
        self.end()

    def _expire(self) -> None:
        reason = "Your session hit the maximum duration of 60 minutes."
        self.refuse(Rejected("session_expired", reason))
        self._line.close(1001, reason)
        self.end()
