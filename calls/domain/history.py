"""What was said in a call so far, so that another session of the model can be told of it.

Source: OpenAI Realtime, "Items": there is no resume; history goes as text, the assistant's too.
"""

from dataclasses import dataclass

from calls.domain import entries, events
from calls.domain.commands import Told
from calls.domain.records import Speaker, TurnRecord

LINES_KEPT = 60
LETTERS_TOLD = 8_000
ROLES = {Speaker.CALLER: "user", Speaker.AGENT: "assistant"}


@dataclass(slots=True)
class Line:
    """What one side said in one turn."""

    speaker: Speaker
    words: str = ""  # as they were heard
    is_over: bool = False
    is_known: bool = True  # to the session of the model that is open now


class History:
    """The newest lines of both sides, as far as they were heard.

    What is still being played when a session is told is told later, once it was heard or cut: the
    model never learns that it said more than the caller heard.
    """

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}  # by the position of their turn
        self._tells = False

    def keep(self, turn: TurnRecord, *, is_over: bool = True) -> list[Told]:
        """Take a turn as far as it is known; tell the model of one that it missed."""
        line = self._lines.setdefault(turn.position, Line(turn.speaker))
        line.words, line.is_over = turn.heard, is_over
        if len(self._lines) > LINES_KEPT:
            del self._lines[min(self._lines)]
        return self._tell([turn.position]) if self._tells and turn.position in self._lines else []

    def forget_session(self) -> None:
        """The session that knew all this is gone."""
        self._tells = False
        for line in self._lines.values():
            line.is_known = False

    def tell(self) -> list[Told]:
        """Tell a new session what it has to know, the oldest first."""
        self._tells, left = True, LETTERS_TOLD
        chosen: list[int] = []
        for position in sorted(self._lines, reverse=True):
            left -= len(self._lines[position].words)
            if left < 0:
                break
            chosen.insert(0, position)
        return self._tell(chosen)

    def _tell(self, positions: list[int]) -> list[Told]:
        told = []
        for position in positions:
            line = self._lines[position]
            if line.is_over and line.words and not line.is_known:
                line.is_known = True
                told.append(_item(position, line))
        return told

    @property
    def last(self) -> Line | None:
        """The last line; one of the agent's of which no word was heard is none."""
        lines = (self._lines[position] for position in sorted(self._lines, reverse=True))
        return next((line for line in lines if line.words or line.speaker is Speaker.CALLER), None)


def _item(position: int, line: Line) -> Told:
    role = ROLES[line.speaker]
    item = events.build_message(f"tell-{position}", role, line.words)
    return Told(item, entries.item_told(role, position))
