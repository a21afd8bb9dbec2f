"""The caller's half of the transcript: turns by item, words whenever they come.

Transcription is another model's guess and asynchronous: before, during or after the answer, or
after the next turn. Turns keep the place at which the caller began to speak.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from calls.domain.records import Speaker, TurnRecord

WAITING = 50  # turns whose words may still come; where nobody transcribes, none ever do


@dataclass(slots=True)
class Listening:
    """The caller's turns of one call."""

    new_id: Callable[[], UUID]
    _turns: dict[str, TurnRecord] = field(default_factory=dict)

    def started(self, item_id: str, position: int, now: float) -> None:
        """The caller began to speak; whether it becomes a turn is not known yet."""
        if item_id in self._turns:
            return
        self._turns[item_id] = TurnRecord(
            id=self.new_id(),
            position=position,
            speaker=Speaker.CALLER,
            item_id=item_id,
            started=now,
            status="spoken",
        )
        if len(self._turns) > WAITING:
            del self._turns[next(iter(self._turns))]

    def committed(self, item_id: str) -> TurnRecord | None:
        """What was spoken became a turn; its words may follow."""
        return self._turns.get(item_id)

    def transcribed(self, item_id: str, text: str, *, failed: bool) -> TurnRecord | None:
        """Words for a turn, or the news that there will be none."""
        turn = self._turns.pop(item_id, None)
        if turn is None:
            return None
        status = "not_transcribed" if failed else "transcribed"
        return replace(turn, text=text, heard=text, status=status)
