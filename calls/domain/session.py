"""The session of one call: it is told what happened and answers with what to do.

It never does it. No socket, no clock, no database: ``now`` is seconds of a monotonic clock, ids
come from ``new_id``. Every entry returns the commands for its bridge, in their order.
"""

from collections.abc import Callable
from math import inf
from typing import Any

from calls.domain import echoes, entries, events, frames
from calls.domain.asking import FATAL_CODES
from calls.domain.commands import Command, End, Note, Record, ToModel, log
from calls.domain.course import Course
from calls.domain.flights import Notice
from calls.domain.phases import UNCONFIRMED, Phase, move
from calls.domain.reasons import EndReason
from calls.domain.records import FirstAudio
from calls.domain.responses import Purpose, Response
from calls.domain.speaking import cancel
from calls.domain.updates import Echo


class CallSession(Course):
    """All that a call may be told, and what follows from it."""

    # What Twilio says

    def caller_audio(self, media: frames.Media) -> list[ToModel]:
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

    def stopped(self, end: End) -> list[Command]:
        """Our own side ends the call: what is owed gets its result, and nothing more is said."""
        return self._end(end.reason, end.detail)

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
        echo, commands = self.updates.echoed(event, now)
        commands += self.updates.standing.news()
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
        elif event.status == "completed":
            commands += self._tools_called(event.calls, response, now)
        return commands + self._end_if_goodbye_was_heard() + self._advance(now)

    def _tools_called(
        self, calls: tuple[events.FunctionCall, ...], response: Response | None, now: float
    ) -> list[Command]:
        if not calls:
            self._tool_calls.spoken()
            return []
        is_wanted = response is not None and not response.muted and self.phase is Phase.TALKING
        answered = self._tool_calls.answer(calls, self.known.tools, is_wanted=is_wanted)
        if response is not None and answered.ending is not None:
            self.phase = move(self.phase, Phase.CLOSING)
            self._closing.begin(answered.ending, now, is_said=response.generated > 0)
        return answered.commands

    # What the caller says

    def _caller_speaks(self, event: events.SpeechStarted, now: float) -> list[Command]:
        if self.phase not in (Phase.TALKING, Phase.CLOSING):
            return []  # the model has not heard the caller yet
        self._listening.started(event.item_id, self._next_position(), now)
        self._limits.opened = True
        self._recovery.owes = False
        if self.phase is Phase.CLOSING:
            self.phase = move(self.phase, Phase.TALKING)
            self._closing.withdraw()
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
            return [line, *refusal, *self._refused(event.code, now)]
        if event.code in FATAL_CODES:
            ended = self._end(EndReason.MODEL_FAILED, f"The model refused: {event.code}.")
            return [line, *refusal, *ended]
        if event.code == "session_expired":
            return [line, *refusal, *self.model_lost("The model's session expired.", now)]
        failure = self._ended_by(self._asking.refused(event, now))
        failure += self._end_if_goodbye_was_heard()
        return [line, *refusal, *failure, *self._advance(now)]

    def _refused(self, code: str, now: float) -> list[Command]:
        """Nobody speaks without words of ours: there may be others that the session takes."""
        returned = self.updates.return_to_what_stood(now)
        if self.updates.pending is not None:
            return returned + self._advance(now)
        detail = f"The model's side refused our instructions: {code}."
        return self._end(EndReason.INSTRUCTIONS_NOT_CONFIRMED, detail)


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
