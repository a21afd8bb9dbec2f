"""The session of one call: it is told what happened and answers with what to do.

It never does it. No socket, no clock, no database: ``now`` is seconds of a monotonic clock, ids
come from ``new_id``. Every entry returns the commands for its bridge, in their order.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from calls.domain import events, frames
from calls.domain.commands import Command, End, Record, ToCaller, ToModel, log
from calls.domain.configuration import Configuration
from calls.domain.listening import Listening
from calls.domain.phases import Phase, move
from calls.domain.playback import Item, Playback, size_of
from calls.domain.reasons import EndReason
from calls.domain.records import FirstAudio, Route
from calls.domain.responses import Purpose, Response, Responses, Wish
from calls.domain.updates import Echo, Notice, Updates

CONFIGURED_WITHIN = 4.5  # seconds from the start of the stream, connecting included
FIRST_SOUND_WITHIN = 5.5
CREATE_WAITS = 3.0  # for an update that nobody answers
CREATE_ANSWERED_WITHIN = 5.0
GOODBYE_WITHIN = 15.0
EARLY_AUDIO_BYTES = 3_000 * frames.BYTES_PER_MS
FATAL_CODES = frozenset(
    {"insufficient_quota", "invalid_api_key", "beta_api_shape_disabled", "account_deactivated"}
)
GOODBYE = (
    "The time for this call is over. In the language of the conversation, say one short, polite "
    "sentence of goodbye, and nothing else. Do not ask anything."
)


class CallSession:
    """All that may happen in one call, and what follows from it."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        stream_sid: str,
        now: float,
        new_id: Callable[[], UUID],
    ) -> None:
        self.phase = Phase.CONNECTING
        self.updates = Updates(Notice(configuration, Route.START, now), new_id)
        self.responses = Responses(new_id)
        self.playback = Playback()
        self._listening = Listening(new_id)
        self._stream_sid = stream_sid
        self._started = now
        self._early: deque[frames.Media] = deque()
        self._early_bytes = 0
        self._first_audio: float | None = None
        self._closing_until: float | None = None
        self._position = 0

    @property
    def known(self) -> Configuration:
        """The newest words and settings that this call knows of."""
        return self.updates.known

    # What Twilio says

    def caller_audio(self, media: frames.Media) -> list[Command]:
        """A frame of the caller's: passed on, or held until the greeting has begun."""
        if self.phase in (Phase.TALKING, Phase.CLOSING):
            return [ToModel(events.build_append(media.payload))]
        if self.phase is not Phase.ENDED:
            self._hold(media)
        return []

    def _hold(self, media: frames.Media) -> None:
        self._early.append(media)
        self._early_bytes += media.size
        while self._early_bytes > EARLY_AUDIO_BYTES:
            self._early_bytes -= self._early.popleft().size

    def mark_returned(self, name: str) -> list[Command]:
        """Twilio played up to one of our marks, or threw it out; a stale one changes nothing."""
        return self._heard_whole(self.playback.echoed(name)) + self._end_if_goodbye_was_heard()

    def caller_hung_up(self) -> list[Command]:
        """The stream was stopped."""
        return self._end(EndReason.CALLER_HUNG_UP)

    def caller_lost(self, detail: str = "") -> list[Command]:
        """The media socket went away without a word."""
        return self._end(
            EndReason.INTERRUPTED, detail or "The media socket was lost without a stop."
        )

    # What becomes of the model's socket

    def model_unreachable(self, detail: str) -> list[Command]:
        """No model session could be opened."""
        return self._end(EndReason.MODEL_UNREACHABLE, detail)

    def model_lost(self, detail: str) -> list[Command]:
        """The model's socket closed under a call."""
        return self._end(EndReason.MODEL_LOST, detail)

    # What the prompts say

    def instructions_published(self, notice: Notice, now: float) -> list[Command]:
        """Take newer instructions; an echo or an older revision changes nothing."""
        if self.phase is Phase.ENDED:
            return []
        return self.updates.learn(notice) + self._advance(now)

    # What the model says

    def model_event(self, event: events.ServerEvent, now: float) -> list[Command]:
        """One event of the model's side, in the order of its socket."""
        if self.phase is Phase.ENDED:
            return []
        match event:
            case events.AudioDelta():
                return self._audio(event, now)
            case events.TranscriptDelta():
                self.responses.said(event)
                return []
            case events.AudioDone():
                marks = self._marked(self.playback.complete(event.item_id))
                return marks + self._heard_whole(self.playback.retire())
            case events.SpeechStarted():
                return self._caller_speaks(event, now)
            case events.InputCommitted():
                turn = self._listening.committed(event.item_id)
                return [Record(turn)] if turn else []
            case events.InputTranscribed():
                turn = self._listening.transcribed(event.item_id, event.text, failed=event.failed)
                return [Record(turn)] if turn else []
            case events.ResponseCreated():
                return self._response_created(event, now)
            case events.ResponseDone():
                return self._response_done(event, now)
            case events.SessionCreated():
                return self._session_created(now)
            case events.SessionUpdated():
                return self._session_updated(event, now)
            case events.ModelError():
                return self._error(event, now)
            case _:
                return []

    def _session_created(self, now: float) -> list[Command]:
        if self.phase is not Phase.CONNECTING:
            return []
        self.phase = move(self.phase, Phase.CONFIGURING)
        return self._advance(now)

    def _session_updated(self, event: events.SessionUpdated, now: float) -> list[Command]:
        echo, commands = self.updates.echoed(event.instructions, now)
        wrong = _wrong_format(event)
        if wrong:
            return commands + self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, wrong)
        if self.phase is not Phase.CONFIGURING:
            return commands + self._advance(now)
        if echo is Echo.ALTERED:
            detail = "The model's side answered with other instructions than ours."
            return commands + self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, detail)
        if echo is Echo.ACKNOWLEDGED:
            self.phase = move(self.phase, Phase.GREETING)
            self.responses.wish = Wish(Purpose.GREETING, now)
        return commands + self._advance(now)

    def _response_created(self, event: events.ResponseCreated, now: float) -> list[Command]:
        if self.phase in (Phase.CONNECTING, Phase.CONFIGURING):
            # Nobody may speak before the right words are confirmed.
            return [ToModel(events.build_cancel(f"cancel-{event.response_id}", event.response_id))]
        response = self.responses.created(event, self.updates.stamp(), self._next_position(), now)
        commands: list[Command] = []
        if response.muted:
            commands.append(self._cancel(response))
        if self.phase is Phase.GREETING:
            self.phase = move(self.phase, Phase.TALKING)
            commands += [ToModel(events.build_append(media.payload)) for media in self._early]
            self._early.clear()
        return commands

    def _audio(self, event: events.AudioDelta, now: float) -> list[Command]:
        response = self.responses.generated(event.response_id, event.item_id, size_of(event.delta))
        if response is None or response.muted:  # nothing of a dead answer reaches the caller
            return []
        commands: list[Command] = []
        if self._first_audio is None:
            self._first_audio = now
            elapsed = round((now - self._started) * 1000)
            commands = [Record(FirstAudio(now)), log("call.first_audio", milliseconds=elapsed)]
        for piece in self.playback.add(event.response_id, event.item_id, event.delta):
            commands.append(ToCaller(frames.build_media(self._stream_sid, piece.payload)))
            if piece.mark:
                commands.append(ToCaller(frames.build_mark(self._stream_sid, piece.mark)))
        return commands

    def _marked(self, mark: str) -> list[Command]:
        return [ToCaller(frames.build_mark(self._stream_sid, mark))] if mark else []

    def _response_done(self, event: events.ResponseDone, now: float) -> list[Command]:
        commands: list[Command] = []
        for mark in self.playback.complete_response(event.response_id):
            commands += self._marked(mark)
        commands += self._heard_whole(self.playback.retire())
        response = self.responses.finished(event)
        if response is None:
            return commands + self._advance(now)
        commands.append(Record(response.row()))
        if event.status == "failed" and not response.muted:
            commands += self._retry(event.error_code, response.wish, now)
        return commands + self._end_if_goodbye_was_heard() + self._advance(now)

    def _retry(self, code: str, wish: Wish | None, now: float) -> list[Command]:
        """A response failed: once more, then the caller gets the fallback."""
        attempt = wish.attempt if wish else 1
        line = log("response.failed", code=code, attempt=attempt)
        if code in FATAL_CODES or attempt > 1:
            return [line, *self._end(EndReason.MODEL_FAILED, f"The model failed: {code}.")]
        again = wish or Wish(Purpose.RETRY, now)
        self.responses.wish = Wish(again.purpose, now, again.instructions, attempt + 1)
        return [line]

    # Barge-in: clear, cancel, then let the model forget what was not heard

    def _caller_speaks(self, event: events.SpeechStarted, now: float) -> list[Command]:
        self._listening.started(event.item_id, self._next_position(), now)
        commands: list[Command] = []
        if self.playback.queued:
            commands.append(ToCaller(frames.build_clear(self._stream_sid)))
        cut = self.playback.clear()
        active = self.responses.active
        if active is not None and not active.muted:
            active.muted = True
            commands.append(self._cancel(active))
        self.responses.withdraw()
        for item in cut:
            commands.append(_forget_unheard(item))
            commands += self._left_the_ledger(item, cut=True)
        if cut:
            heard = sum(item.heard_ms for item in cut)
            sent = sum(item.sent_ms for item in cut)
            commands.append(log("call.interrupted", heard_ms=heard, generated_ms=sent))
        if self.phase is Phase.CLOSING:  # the goodbye is withdrawn, its time limit stays
            self.phase = move(self.phase, Phase.TALKING)
        return commands

    def _cancel(self, response: Response) -> ToModel:
        response_id = response.response_id
        return ToModel(events.build_cancel(f"cancel-{response_id}", response_id))

    def _heard_whole(self, items: list[Item]) -> list[Command]:
        return [command for item in items for command in self._left_the_ledger(item, cut=False)]

    def _left_the_ledger(self, item: Item, *, cut: bool) -> list[Command]:
        response = self.responses.heard(item, cut=cut)
        return [Record(response.row())] if response is not None else []

    # Errors

    def _error(self, event: events.ModelError, now: float) -> list[Command]:
        line = log("model.error", code=event.code or event.kind, about=event.event_id)
        refusal = self.updates.refused(event)
        if refusal and self.phase is Phase.CONFIGURING:
            detail = f"The model's side refused our instructions: {event.code}."
            reason = EndReason.INSTRUCTIONS_NOT_CONFIRMED
            return [line, *refusal, *self._end(reason, detail)]
        if event.code in FATAL_CODES:
            return [line, *self._end(EndReason.MODEL_FAILED, f"The model refused: {event.code}.")]
        if event.code == "session_expired":
            return [line, *self._end(EndReason.MODEL_LOST, "The model's session expired.")]
        return [line, *refusal, *self._create_refused(event, now), *self._advance(now)]

    def _create_refused(self, event: events.ModelError, now: float) -> list[Command]:
        request = self.responses.request
        occupied = event.code == "conversation_already_has_active_response"
        if request is None or not (
            event.event_id == request.event_id or (occupied and not event.event_id)
        ):
            return []
        self.responses.request = None
        if request.withdrawn:
            return []
        if occupied:  # the model's VAD was first: ours waits for the end of that response
            self.responses.wish = request.wish
            return []
        return self._retry(event.code or event.kind, request.wish, now)

    # Time

    @property
    def deadline(self) -> float | None:
        """When ``tick`` has to be called at the latest, if nothing else happens before."""
        if self.phase is Phase.ENDED:
            return None
        limits = [self._opening_limit(), self.updates.deadline, self._length_limit()]
        if self.responses.request is not None:
            limits.append(self.responses.request.sent + CREATE_ANSWERED_WITHIN)
        elif self.responses.wish is not None and not self.responses.busy:
            limits.append(self.responses.wish.since + CREATE_WAITS)
        return min(limit for limit in limits if limit is not None)

    def _opening_limit(self) -> float | None:
        if self.phase in (Phase.CONNECTING, Phase.CONFIGURING):
            return self._started + CONFIGURED_WITHIN
        return None if self._first_audio is not None else self._started + FIRST_SOUND_WITHIN

    def _length_limit(self) -> float:
        return self._closing_until or self._started + self.known.agent.max_call_seconds

    def tick(self, now: float) -> list[Command]:
        """A limit may have passed: act on each that has."""
        if self.phase is Phase.ENDED:
            return []
        opening = self._opening_limit()
        if opening is not None and now >= opening:
            return self._too_late()
        commands = self.updates.tick(now)
        request = self.responses.request
        if request is not None and now >= request.sent + CREATE_ANSWERED_WITHIN:
            self.responses.request = None
        if now >= self._length_limit():
            commands += self._say_goodbye(now)
        return commands + self._advance(now)

    def _too_late(self) -> list[Command]:
        if self.phase is Phase.CONNECTING:
            return self._end(EndReason.MODEL_UNREACHABLE, "The model did not answer in time.")
        if self.phase is Phase.CONFIGURING:
            detail = "The model's side did not confirm our instructions in time."
            return self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, detail)
        return self._end(EndReason.MODEL_FAILED, "The model did not begin to speak in time.")

    def _say_goodbye(self, now: float) -> list[Command]:
        if self._closing_until is not None or self.phase is not Phase.TALKING:
            return self._end(EndReason.MAX_LENGTH)
        self._closing_until = now + GOODBYE_WITHIN
        self.phase = move(self.phase, Phase.CLOSING)
        self.responses.wish = Wish(Purpose.GOODBYE, now, GOODBYE)
        return []

    def _end_if_goodbye_was_heard(self) -> list[Command]:
        if self.phase is not Phase.CLOSING or self.responses.busy or self.responses.wish:
            return []
        return [] if self.playback.queued else self._end(EndReason.MAX_LENGTH)

    # The gate, and the end

    def _advance(self, now: float) -> list[Command]:
        """Let the next update or answer go: never two at once, an update first.

        No update leaves while a response is being generated; one that is only still being
        played does not delay it.
        """
        if self.phase in (Phase.CONNECTING, Phase.ENDED) or self.responses.busy:
            return []
        if self.updates.in_flight is None and self.updates.pending is not None:
            return self.updates.send(now)
        wish = self.responses.wish
        if wish is None or (self.updates.in_flight and now < wish.since + CREATE_WAITS):
            return []
        if wish.purpose is Purpose.GREETING:  # the newest words, not those of when it was wished
            wish = replace(wish, instructions=self.known.instructions.opening)
        return [self.responses.ask(wish, now)]

    def _end(self, reason: EndReason, detail: str = "") -> list[Command]:
        if self.phase is Phase.ENDED:
            return []
        self.phase = move(self.phase, Phase.ENDED)
        # What is still queued was not heard; answers that were being generated stop here.
        over = [self.responses.heard(item, cut=True) for item in self.playback.clear()]
        left = {r.response_id: r for r in (*over, *self.responses.rest()) if r is not None}
        rows = [Record(response.row()) for response in left.values()]
        return [*rows, *self.updates.close(), End(reason, detail)]

    def _next_position(self) -> int:
        self._position += 1
        return self._position


def _forget_unheard(item: Item) -> ToModel:
    if item.heard_ms == 0:
        return ToModel(events.build_delete(f"delete-{item.item_id}", item.item_id))
    event_id = f"truncate-{item.item_id}"
    return ToModel(events.build_truncate(event_id, item.item_id, item.heard_ms))


def _wrong_format(event: events.SessionUpdated) -> str:
    """A sentence when the echo names audio that a phone line cannot carry."""
    audio = event.session.get("audio")
    for side in ("input", "output"):
        part = audio.get(side) if isinstance(audio, dict) else None
        shown = part.get("format") if isinstance(part, dict) else None
        if isinstance(shown, dict) and shown.get("type") not in (None, "audio/pcmu"):
            return f"The model's side speaks {shown.get('type')!s} where the line needs mu-law."
    return ""
