"""The caller's half of the transcript: turns by item, words whenever they come.

Transcription is another model's guess and asynchronous: before, during or after the answer, or
after the next turn. Turns keep the place at which the caller began to speak.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from msgspec.structs import replace

from calls.domain.history import History
from calls.domain.records import Speaker, TurnRecord
from calls.domain.responses import LOST

ANSWERED_WITHIN = 8.0  # seconds of silence that a caller bears
WAITING = 50  # turns whose words may still come; where nobody transcribes, none ever do


@dataclass(slots=True)
class Listening:
    """The caller's turns of one call."""

    new_id: Callable[[], UUID]
    history: History
    speaks: bool = False  # the caller began and has not ended yet
    waits_since: float | None = None  # the caller ended, and no answer has begun
    _turns: dict[str, TurnRecord] = field(default_factory=dict)

    @property
    def is_owed(self) -> bool:
        """Whether the caller said something that was not answered."""
        return self.speaks or self.waits_since is not None

    @property
    def deadline(self) -> float | None:
        """Until when an answer has to begin."""
        return None if self.waits_since is None else self.waits_since + ANSWERED_WITHIN

    def started(self, item_id: str, position: int, now: float) -> None:
        """The caller began to speak; whether it becomes a turn is not known yet."""
        if item_id in self._turns:
            return
        self.speaks, self.waits_since = True, None
        turn = self._turns[item_id] = TurnRecord(
            id=self.new_id(),
            position=position,
            speaker=Speaker.CALLER,
            item_id=item_id,
            started=now,
            status="spoken",
        )
        self.history.keep(turn)
        if len(self._turns) > WAITING:
            del self._turns[next(iter(self._turns))]

    def committed(self, item_id: str, now: float) -> TurnRecord | None:
        """What was spoken became a turn; its words may follow."""
        self.speaks, self.waits_since = False, now
        return self._turns.get(item_id)

    def transcribed(self, item_id: str, text: str, *, failed: bool) -> TurnRecord | None:
        """Words for a turn, or the news that there will be none."""
        turn = self._turns.pop(item_id, None)
        if turn is None:
            return None
        status = "not_transcribed" if failed else "transcribed"
        turn = replace(turn, text=text, heard=text, status=status)
        self.history.keep(turn)
        return turn

    def answered(self) -> None:
        """An answer began."""
        self.waits_since = None

    def lost(self) -> TurnRecord | None:
        """The model's session is gone; gives what the caller was saying at that moment."""
        unfinished = next(reversed(self._turns.values()), None) if self.speaks else None
        self.speaks, self.waits_since = False, None
        self._turns.clear()
        return replace(unfinished, status=LOST) if unfinished else None
