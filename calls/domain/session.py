"""The session of one call: it is told what happened and answers with what to do.

It never does it. No socket, no clock, no database: ``now`` is seconds of a monotonic clock, ids
come from ``new_id``. Every entry returns the commands for its bridge, in their order.
"""

from collections.abc import Callable
from math import inf
from typing import Any
from uuid import UUID

from calls.domain import echoes, entries, events, frames, gate
from calls.domain.asking import FATAL_CODES, Asking
from calls.domain.commands import Command, Connect, End, Note, Record, ToModel, log
from calls.domain.configuration import Configuration
from calls.domain.early import EarlyAudio
from calls.domain.flights import Notice
from calls.domain.history import History
from calls.domain.limits import GOODBYE_WITHIN, NOT_RESTORED, OPENING_FAILURES, Limits
from calls.domain.listening import Listening
from calls.domain.phases import UNCONFIRMED, WITHOUT_MODEL, Phase, move
from calls.domain.playback import Playback
from calls.domain.reasons import EndReason
from calls.domain.records import FirstAudio, Route
from calls.domain.recovery import Recovery
from calls.domain.responses import Purpose, Responses
from calls.domain.speaking import Speaking, cancel
from calls.domain.updates import Echo, Updates

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
        self.model = configuration.agent.model  # of the whole call, whatever is set later
        self.updates = Updates(Notice(configuration, Route.START, now), new_id)
        self.responses = Responses(new_id)
        self.playback = Playback()
        self._limits = Limits(now)
        self._asking = Asking(self.responses, self._limits.configured_by)
        history = History()
        self._listening = Listening(new_id, history)
        self._speaking = Speaking(stream_sid, self.playback, self.responses, history)
        self._recovery = Recovery(now, self._asking, self._listening, self._speaking)
        self._early = EarlyAudio()
        self._sounded = False
        self._position = 0

    @property
    def known(self) -> Configuration:
        """The newest words and settings that this call knows of."""
        return self.updates.known

    @property
    def confirmed(self) -> Configuration:
        """The words and settings that the model's side confirmed last, or the first ones."""
        return self.updates.applied or self.updates.known

    # What Twilio says

    def caller_audio(self, media: frames.Media) -> list[Command]:
        """A frame of the caller's: passed on, or held while no model may hear it."""
        if self.phase is Phase.TALKING or self.phase is Phase.CLOSING:
            return [ToModel(events.build_append(media.payload))]
        if self.phase is not Phase.ENDED:
            self._early.hold(media)
        return []

    def mark_returned(self, name: str) -> list[Command]:
        """Twilio played up to one of our marks, or threw it out; a stale one changes nothing."""
        commands = self._speaking.mark_returned(name)
        if self._recovery.owes and self.phase is Phase.TALKING:
            self._recovery.pay()
        return commands + self._end_if_goodbye_was_heard()

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
        """No socket to the model could be opened."""
        opening = self.phase is Phase.CONNECTING
        reason = EndReason.MODEL_UNREACHABLE if opening else EndReason.MODEL_LOST
        return self._end(reason, detail)

    def model_lost(self, detail: str, now: float) -> list[Command]:
        """The model's socket is gone: the call goes on with another, while there is hope."""
        if self.phase is Phase.ENDED:
            return []
        line: list[Command] = [Note(entries.LOST), log("model.lost", detail=detail)]
        pause = self._recovery.pause(now)
        if pause is None:
            return line + self._end(EndReason.MODEL_LOST, detail)
        left = line + self._recovery.leave() + self.updates.lost(now)
        if self.phase is Phase.CLOSING:
            self.phase = move(self.phase, Phase.PARTING)
            return left + self._end_if_goodbye_was_heard()
        self._begin_again()
        return [*left, Connect(pause)]

    def _begin_again(self) -> None:
        """Where the caller has heard nothing yet, the opening; else the conversation goes on."""
        if self._limits.opened:
            again = Phase.RECONNECTING
        else:
            again, self._asking.latest = Phase.CONNECTING, self._limits.configured_by
        if self.phase is not again:
            self.phase = move(self.phase, again)

    def _restored(self, now: float) -> list[Command]:
        """Another session stands: it hears what was said, and what the caller says now."""
        self.phase = move(self.phase, Phase.TALKING)
        told = self._recovery.tell(now)
        self._recovery.pay()
        return told + self._let_the_caller_in()

    def _let_the_caller_in(self) -> list[Command]:
        return [ToModel(events.build_append(media.payload)) for media in self._early.release()]

    # What the prompts say

    def instructions_published(self, notice: Notice, now: float) -> list[Command]:
        """Take newer instructions; an echo or an older revision changes nothing."""
        if self.phase is Phase.ENDED:
            return []
        return self.updates.learn(notice) + self._advance(now)

    def refresh_asked(self, notice: Notice, now: float) -> list[Command]:
        """Send again what a person asked for, although the call may know of it."""
        if self.phase is Phase.ENDED:
            return []
        return self.updates.ask(notice) + self._advance(now)

    # What the model says

    def model_event(self, event: events.ServerEvent, now: float) -> list[Command]:
        """One event of the model's side, in the order of its socket."""
        if self.phase is Phase.ENDED:
            return []
        handler = _HANDLERS.get(type(event))
        commands = handler(self, event, now) if handler else []
        if type(event) not in entries.KEPT:  # sound and single words
            return commands
        return [Note(entries.heard(event)), *commands]

    # The opening: our words, their echo, the greeting

    def _session_created(self, event: events.SessionCreated, now: float) -> list[Command]:
        if self.phase is Phase.CONNECTING:
            self.phase = move(self.phase, Phase.CONFIGURING)
        elif self.phase is Phase.RECONNECTING:
            self.phase = move(self.phase, Phase.RESTORING)
            self.updates.hurry()
        return self._advance(now)

    def _session_updated(self, event: events.SessionUpdated, now: float) -> list[Command]:
        echo, commands = self.updates.echoed(event.instructions, now)
        wrong = echoes.wrong_format(event.session)
        if wrong:
            return commands + self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, wrong)
        if voice := echoes.other_voice(event.session, self.updates.voice):
            commands.append(log("session.other_voice", asked=self.updates.voice, shown=voice))
        if self.phase in UNCONFIRMED:
            commands += self._confirmed(echo, now)
        return commands + self._advance(now)

    def _confirmed(self, echo: Echo, now: float) -> list[Command]:
        if echo is Echo.ALTERED:
            detail = "The model's side answered with other instructions than ours."
            return self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, detail)
        if echo is not Echo.ACKNOWLEDGED:
            return []
        if self.phase is Phase.RESTORING:
            return self._restored(now)
        self._recovery.stands(now)
        self.phase = move(self.phase, Phase.GREETING)
        self._asking.want(Purpose.GREETING)
        return []

    # The model's answers

    def _response_created(self, event: events.ResponseCreated, now: float) -> list[Command]:
        if self.phase in UNCONFIRMED:
            return [cancel(event.response_id)]
        if self.responses.is_known(event.response_id):
            return []
        response = self.responses.created(event, self.updates.stamp(), self._next_position(), now)
        if response.muted:
            return [cancel(event.response_id)]
        self._listening.answered()
        self._recovery.owes = False
        if self.phase is not Phase.GREETING:
            return []
        self.phase, self._asking.latest = move(self.phase, Phase.TALKING), inf
        return self._let_the_caller_in()

    def _audio(self, event: events.AudioDelta, now: float) -> list[Command]:
        commands = self._speaking.audio(event)
        if commands and not self._sounded:
            return self._first_sound(now) + commands
        return commands

    def _first_sound(self, now: float) -> list[Command]:
        self._sounded = self._limits.opened = True
        elapsed = round((now - self._limits.started) * 1000)
        return [Record(FirstAudio(now)), log("call.first_audio", milliseconds=elapsed)]

    def _audio_done(self, event: events.AudioDone, now: float) -> list[Command]:
        return self._speaking.item_complete(event.item_id)

    def _words(self, event: events.TranscriptDelta, now: float) -> list[Command]:
        self.responses.said(event)
        return []

    def _response_done(self, event: events.ResponseDone, now: float) -> list[Command]:
        response, commands = self._speaking.finished(event)
        if response is not None and event.status == "failed" and not response.muted:
            commands += self._ended_by(self._asking.failed(event.error_code, response.wish))
        return commands + self._end_if_goodbye_was_heard() + self._advance(now)

    # What the caller says

    def _caller_speaks(self, event: events.SpeechStarted, now: float) -> list[Command]:
        if self.phase not in (Phase.TALKING, Phase.CLOSING):
            return []  # the model has not heard the caller yet
        self._listening.started(event.item_id, self._next_position(), now)
        self._limits.opened = True
        self._recovery.owes = False
        if self.phase is Phase.CLOSING:  # the goodbye is withdrawn, its time limit stays
            self.phase = move(self.phase, Phase.TALKING)
        return self._speaking.interrupt()

    def _committed(self, event: events.InputCommitted, now: float) -> list[Command]:
        turn = self._listening.committed(event.item_id, now)
        return [Record(turn)] if turn else []

    def _transcribed(self, event: events.InputTranscribed, now: float) -> list[Command]:
        turn = self._listening.transcribed(event.item_id, event.text, failed=event.failed)
        return [Record(turn)] if turn else []

    # Errors

    def _error(self, event: events.ModelError, now: float) -> list[Command]:
        line = log("model.error", code=event.code or event.kind, about=event.event_id)
        is_refused, refusal = self.updates.is_refused_by(event), self.updates.refused(event)
        if is_refused and self.phase in UNCONFIRMED:
            detail = f"The model's side refused our instructions: {event.code}."
            reason = EndReason.INSTRUCTIONS_NOT_CONFIRMED
            return [line, *refusal, *self._end(reason, detail)]
        if event.code in FATAL_CODES:
            ended = self._end(EndReason.MODEL_FAILED, f"The model refused: {event.code}.")
            return [line, *refusal, *ended]
        if event.code == "session_expired":
            return [line, *refusal, *self.model_lost("The model's session expired.", now)]
        failure = self._ended_by(self._asking.refused(event, now))
        return [line, *refusal, *failure, *self._advance(now)]

    # Time

    @property
    def deadline(self) -> float | None:
        """When ``tick`` has to be called at the latest, if nothing else happens before."""
        if self.phase is Phase.ENDED:
            return None
        limits = (
            self._limits.opening(self.phase),
            self._limits.length(self.known.agent.max_call_seconds),
            self._recovery.deadline,
            self._listening.deadline,
            self.updates.deadline,
            gate.deadline(self.updates, self.responses),
        )
        return min(limit for limit in limits if limit is not None)

    def tick(self, now: float) -> list[Command]:
        """A limit may have passed: act on each that has."""
        if self.phase is Phase.ENDED:
            return []
        opening = self._limits.opening(self.phase)
        if opening is not None and now >= opening:
            return self._end(*OPENING_FAILURES[self.phase])
        if self._recovery.deadline is not None and now >= self._recovery.deadline:
            return self._end(*NOT_RESTORED)
        if self._listening.deadline is not None and now >= self._listening.deadline:
            self._break_the_silence()
        commands = self.updates.tick(now) + self._ended_by(self._asking.tick(now))
        commands += self._end_if_goodbye_was_heard()
        if now >= self._limits.length(self.known.agent.max_call_seconds):
            commands += self._say_goodbye(now)
        return commands + self._advance(now)

    def _break_the_silence(self) -> None:
        """The model left the caller without an answer: ask for it once; the next limit ends it."""
        self._listening.answered()
        self._recovery.owes = False
        if not self.responses.busy:
            self._asking.want(Purpose.RETRY)

    def _say_goodbye(self, now: float) -> list[Command]:
        if self._limits.closing_until is not None or self.phase is not Phase.TALKING:
            return self._end(EndReason.MAX_LENGTH)
        self._limits.closing_until = now + GOODBYE_WITHIN
        self.phase = move(self.phase, Phase.CLOSING)
        self._asking.want(Purpose.GOODBYE, GOODBYE)
        return []

    def _end_if_goodbye_was_heard(self) -> list[Command]:
        if self.phase not in (Phase.CLOSING, Phase.PARTING) or self.responses.pending:
            return []
        return [] if self.playback.queued else self._end(EndReason.MAX_LENGTH)

    # The gate, and the end

    def _advance(self, now: float) -> list[Command]:
        if self.phase in WITHOUT_MODEL:
            return []
        return gate.next_step(self.updates, self.responses, now)

    def _ended_by(self, commands: list[Command]) -> list[Command]:
        """Commands of a part, which may bring the call to its end; nothing follows that."""
        for place, command in enumerate(commands):
            if isinstance(command, End):
                return commands[:place] + self._end(command.reason, command.detail)
        return commands

    def _end(self, reason: EndReason, detail: str = "") -> list[Command]:
        if self.phase is Phase.ENDED:
            return []
        self.phase = move(self.phase, Phase.ENDED)
        return [*self._speaking.cut_off(), *self.updates.close(), End(reason, detail)]

    def _next_position(self) -> int:
        self._position += 1
        return self._position


_HANDLERS: dict[type, Callable[[CallSession, Any, float], list[Command]]] = {
    events.AudioDelta: CallSession._audio,
    events.AudioDone: CallSession._audio_done,
    events.TranscriptDelta: CallSession._words,
    events.SpeechStarted: CallSession._caller_speaks,
    events.InputCommitted: CallSession._committed,
    events.InputTranscribed: CallSession._transcribed,
    events.ResponseCreated: CallSession._response_created,
    events.ResponseDone: CallSession._response_done,
    events.SessionCreated: CallSession._session_created,
    events.SessionUpdated: CallSession._session_updated,
    events.ModelError: CallSession._error,
}
