"""What happens between the loss of the model's socket and another one that stands."""

from calls.domain.asking import Asking
from calls.domain.commands import Command, Record, log
from calls.domain.history import History
from calls.domain.listening import Listening
from calls.domain.records import Speaker
from calls.domain.responses import Purpose
from calls.domain.speaking import Speaking

PAUSES = (0.25, 1.0)  # seconds before each new try; a loss more than these is the end
FORGIVEN_AFTER = 30.0  # seconds of a session that stands, after which older losses do not count
RESTORED_WITHIN = 6.0  # seconds from the loss, however many tries it takes

CUT_OFF = (
    "The connection broke while you were speaking; you are back in the same call. The person heard "
    "your last words only as far as they stand above. Carry on from there, briefly: do not greet, "
    "do not repeat what was heard, do not mention the interruption unless you are asked."
)
NOT_HEARD = (
    "The connection broke for a moment; you are back in the same call. What the person said last "
    "did not reach you: say sorry in one short sentence and ask them to say it again. Do not greet."
)


class Recovery:
    """Counts the losses of one call, and pays the answer that the caller is owed after one."""

    def __init__(
        self, now: float, asking: Asking, listening: Listening, speaking: Speaking
    ) -> None:
        self.owes = False  # an answer, for which what is being played is still waited
        self._stands_since = now
        self._lost_at: float | None = None  # until a session stands again
        self._losses = 0
        self._asking = asking
        self._listening = listening
        self._speaking = speaking

    @property
    def deadline(self) -> float | None:
        """Until when another session has to stand."""
        return None if self._lost_at is None else self._lost_at + RESTORED_WITHIN

    def pause(self, now: float) -> float | None:
        """One more loss: for how long to wait before a try; None where it was the last."""
        if self._lost_at is None:
            if now - self._stands_since >= FORGIVEN_AFTER:
                self._losses = 0
            self._lost_at = now
        self._losses += 1
        return PAUSES[self._losses - 1] if self._losses <= len(PAUSES) else None

    def leave(self) -> list[Command]:
        """The session is gone: what was sent plays on, the rest is owed."""
        self.owes = self.owes or self._speaking.responses.owes or self._listening.is_owed
        unfinished = self._listening.lost()
        return [*self._speaking.lost(), *([Record(unfinished)] if unfinished else [])]

    def stands(self, now: float) -> float:
        """A session stands; gives the seconds for which there was none."""
        lost_at, self._lost_at, self._stands_since = self._lost_at, None, now
        return 0.0 if lost_at is None else now - lost_at

    def tell(self, now: float) -> list[Command]:
        """Tell the session that stands what was said before."""
        seconds = self.stands(now)
        told = self._speaking.history.tell()
        if self.owes:
            self._listening.waits_since = now
        return [*told, log("model.restored", milliseconds=round(seconds * 1000), told=len(told))]

    def pay(self) -> None:
        """Ask for the answer that is owed, once all that was said before it has been heard."""
        if self.owes and not self._speaking.playback.queued:
            self.owes = False
            self._asking.want(Purpose.RESUME, note=_note_for(self._speaking.history))


def _note_for(history: History) -> str:
    """What the model has to be told before it goes on; nothing where the caller waits for it."""
    last = history.last
    if last is None or last.speaker is Speaker.AGENT:
        return CUT_OFF
    return "" if last.words else NOT_HEARD
