"""The end of a call that we bring about ourselves: a goodbye, heard to its last mark, bounded."""

from calls.domain.asking import Asking
from calls.domain.commands import End
from calls.domain.frames import BYTES_PER_MS
from calls.domain.reasons import EndReason
from calls.domain.responses import Purpose
from calls.domain.speaking import Speaking
from calls.domain.tools import Ending

GOODBYE_WITHIN = 15.0
GOODBYE = (
    "The time for this call is over. In the language of the conversation, say one short, polite "
    "sentence of goodbye, and nothing else. Do not ask anything."
)
TIME_IS_OVER = Ending(EndReason.MAX_LENGTH, GOODBYE)


class Closing:
    """Why the call is about to end, and until when; a caller who speaks takes it back."""

    def __init__(self, asking: Asking, speaking: Speaking) -> None:
        self._asking = asking
        self._speaking = speaking
        self._ending: Ending | None = None
        self._until = 0.0
        self._overtime: float | None = None  # set once, when the time of the call is over

    def begin(self, ending: Ending, now: float, *, is_said: bool) -> None:
        """End the call after a goodbye, which the model may have said already."""
        left = self._speaking.playback.queued_bytes / BYTES_PER_MS / 1000
        self._ending, self._until = ending, now + left + GOODBYE_WITHIN
        if not is_said:
            self._asking.want(Purpose.GOODBYE, ending.words)

    def withdraw(self) -> None:
        """The caller has something to say; the time limit stays."""
        self._ending = None

    def deadline(self, time_is_over: float) -> float:
        """Until when the call may last: its goodbye, where that has begun."""
        return self._until if self._ending else self._overtime or time_is_over

    @property
    def is_overtime(self) -> bool:
        """Whether the time of the call was over once before."""
        return self._overtime is not None

    def time_is_over(self, now: float) -> None:
        """The longest length of the call is reached."""
        self.begin(TIME_IS_OVER, now, is_said=False)
        self._overtime = self._until

    def end(self) -> End:
        """The end of the call, whether or not the goodbye was heard."""
        ending = self._ending or TIME_IS_OVER
        return End(ending.reason, ending.detail)

    def end_if_heard(self) -> End | None:
        """The end of the call once all of the goodbye has been heard."""
        if self._ending is None or self._speaking.responses.pending:
            return None
        return None if self._speaking.playback.queued else self.end()
