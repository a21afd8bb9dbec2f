"""A model that confirms each update, and notes when it came.

It confirms no sooner than a service on the other side of a network can. One that confirmed at
once would make the server read the first echoes while it still sends the last updates.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from tests.bench.model import APPEND, DELTA, GREETING
from tests.bench.wire import ServerSocket

CONFIRMS_AFTER = 0.05  # seconds
NUMBERED = b"This is text number "  # a text that we publish says which it is
GREETED = "resp_BenchBenchBenchBench1"  # what the greeting's sound belongs to
ANSWER, PAUSE = 100, 100  # frames; two seconds of each, in turn


@dataclass(slots=True)
class Arrival:
    """How many calls were told one text, and when the first and the last of them was."""

    calls: int
    first: int  # nanoseconds on the clock of the day
    last: int


class Arrivals:
    """The updates that came, by the number of their text."""

    def __init__(self) -> None:
        self.by_number: dict[int, Arrival] = {}

    def note(self, update: bytes) -> None:
        """An update was read, just now."""
        now = time.time_ns()
        at = update.find(NUMBERED)
        if at < 0:
            return
        number = int(update[at + len(NUMBERED) :].split(b".", 1)[0])
        arrival = self.by_number.setdefault(number, Arrival(0, now, now))
        arrival.calls += 1
        arrival.last = now


class ModelSession(ServerSocket):
    """One Realtime session, which greets and then listens."""

    def __init__(self, updated: Callable[[bytes], None]) -> None:
        super().__init__()
        self._updated = updated

    def begin(self) -> None:
        self.heard = self._hear
        self._tell({"type": "session.created", "session": {"type": "realtime"}})

    def _hear(self, text: bytes) -> None:
        if text.startswith(APPEND):
            self.sound(text)
        elif text.startswith(b'{"type":"session.update"'):
            self._updated(text)
            confirmed = {"type": "session.updated", "session": orjson.loads(text)["session"]}
            asyncio.get_running_loop().call_later(CONFIRMS_AFTER, self._tell, confirmed)
        elif text.startswith(b'{"type":"response.create"'):
            self.begin_answer(GREETED, orjson.loads(text)["response"].get("metadata"))
            self.send(GREETING)
            self.end_answer(GREETED)

    def sound(self, text: bytes) -> None:
        """A frame of the caller's."""

    def begin_answer(self, name: str, metadata: Any = None) -> None:
        """Begin to answer, asked or by itself."""
        response = {"id": name, "metadata": metadata, "output": []}
        self._tell({"type": "response.created", "response": response})

    def end_answer(self, name: str) -> None:
        """All of an answer was said."""
        response = {"id": name, "status": "completed", "output": []}
        self._tell({"type": "response.done", "response": response})

    def _tell(self, event: dict[str, Any]) -> None:
        self.send(orjson.dumps(event))


class TalkingSession(ModelSession):
    """One that says back what it hears for two seconds, and then listens for two."""

    def __init__(self, updated: Callable[[bytes], None], begins_at: int) -> None:
        super().__init__(updated)
        self._frames = begins_at  # so that not all talk at the same time
        self._answers = 1
        self._says_back = b""  # the beginning of each event, while it answers

    def sound(self, text: bytes) -> None:
        """Say it back, or end an answer, or begin the next."""
        self._frames = (self._frames + 1) % (ANSWER + PAUSE)
        if self._frames == 0:
            self._answers += 1
            self.begin_answer(self._name)
            self._says_back = DELTA.replace(GREETED.encode(), self._name.encode())
        if self._says_back:
            self.send(self._says_back + text[len(APPEND) :])
        if self._frames == ANSWER and self._says_back:
            self._says_back = b""
            self.end_answer(self._name)

    @property
    def _name(self) -> str:
        return f"resp_BenchBenchBench{self._answers:06d}"
