"""The course of one call: its parts, its time, the loss of its model, and its end.

What a call is told is in `session`; here is what it does of itself.
"""

from collections.abc import Callable
from uuid import UUID

from calls.domain import entries, events, gate
from calls.domain.asking import Asking
from calls.domain.closing import Closing
from calls.domain.commands import Command, Connect, End, Note, ToModel, log
from calls.domain.configuration import Configuration
from calls.domain.early import EarlyAudio
from calls.domain.flights import Notice
from calls.domain.history import History
from calls.domain.limits import NOT_RESTORED, OPENING_FAILURES, Limits
from calls.domain.listening import Listening
from calls.domain.phases import WITHOUT_MODEL, Phase, move
from calls.domain.playback import Playback
from calls.domain.reasons import EndReason
from calls.domain.records import Route
from calls.domain.recovery import Recovery
from calls.domain.responses import Purpose, Responses
from calls.domain.speaking import Speaking
from calls.domain.tool_calls import ToolCalls
from calls.domain.updates import Updates


class Course:
    """Holds the parts of one call together and moves it from phase to phase."""

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
        self._closing = Closing(self._asking, self._speaking)
        self._tool_calls = ToolCalls(self._asking)
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
        return self.updates.standing.applied or self.updates.known

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
        left = line + self._recovery.leave()
        pause = self._recovery.pause(now)
        if pause is None:
            return left + self._end(EndReason.MODEL_LOST, detail)
        left += self.updates.lost(now)
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

    # Time

    @property
    def deadline(self) -> float | None:
        """When ``tick`` has to be called at the latest, if nothing else happens before."""
        if self.phase is Phase.ENDED:
            return None
        limits = (
            self._limits.opening(self.phase),
            self._over_at,
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
        if now >= self._over_at:
            commands += self._time_is_over(now)
        return commands + self._advance(now)

    def _break_the_silence(self) -> None:
        """The model left the caller without an answer: ask for it once; the next limit ends it."""
        self._listening.answered()
        self._recovery.owes = False
        if not self.responses.busy:
            self._asking.want(Purpose.RETRY)

    @property
    def _over_at(self) -> float:
        return self._closing.deadline(self._limits.length(self.known.agent.max_call_seconds))

    def _time_is_over(self, now: float) -> list[Command]:
        if self._closing.is_overtime or self.phase is not Phase.TALKING:
            return self._ended_by([self._closing.end()])
        self.phase = move(self.phase, Phase.CLOSING)
        self._closing.time_is_over(now)
        return []

    def _end_if_goodbye_was_heard(self) -> list[Command]:
        end = self._closing.end_if_heard()
        return self._ended_by([end]) if end else []

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
