"""Twilio's buffer between what a server sends and what the caller hears."""

from collections import deque
from dataclasses import dataclass

from calls.simulator import mulaw


@dataclass(frozen=True, slots=True)
class _Sound:
    starts_at: float
    audio: bytes

    @property
    def ends_at(self) -> float:
        return self.starts_at + len(self.audio) / mulaw.SAMPLES_PER_SECOND

    def until(self, now: float) -> bytes:
        """Return what has been played of it by ``now``."""
        return self.audio[: max(0, int((now - self.starts_at) * mulaw.SAMPLES_PER_SECOND))]


@dataclass(frozen=True, slots=True)
class _Mark:
    ends_at: float
    name: str


class Playout:
    """Plays sound in order at real time and gives each mark back once what is before it is heard.

    It has no clock: whoever owns it says what time it is, in seconds that never go back.
    """

    def __init__(self) -> None:
        self._queue: deque[_Sound | _Mark] = deque()
        self._heard = bytearray()
        self.ends_at = 0.0
        """When everything sent so far has been, or will have been, played."""

    def add(self, now: float, audio: bytes) -> None:
        """Queue sound behind what is there."""
        sound = _Sound(max(now, self.ends_at), audio)
        self._queue.append(sound)
        self.ends_at = sound.ends_at

    def mark(self, now: float, name: str) -> None:
        """Queue a mark; behind an empty buffer it is due at once."""
        self._queue.append(_Mark(max(now, self.ends_at), name))

    def advance(self, now: float) -> list[str]:
        """Play on until ``now`` and return the marks that were passed, in order."""
        passed = []
        while self._queue and self._queue[0].ends_at <= now:
            match self._queue.popleft():
                case _Mark(name=name):
                    passed.append(name)
                case _Sound(audio=audio):
                    self._heard += audio
        return passed

    def clear(self, now: float) -> list[str]:
        """Throw out what has not been played and return every mark that has not come back."""
        returned = self.advance(now)
        if self._queue and isinstance(playing := self._queue[0], _Sound):
            self._heard += playing.until(now)
        returned += [entry.name for entry in self._queue if isinstance(entry, _Mark)]
        self._queue.clear()
        self.ends_at = min(self.ends_at, now)
        return returned

    def is_playing(self, now: float) -> bool:
        """Whether the caller hears something, or will without anything more being sent."""
        return self.ends_at > now

    def heard(self, now: float) -> bytes:
        """Return all sound heard until ``now``, pauses between left out.

        Marks that are due stay where they are: only ``advance`` gives them out.
        """
        parts = [entry.until(now) for entry in self._queue if isinstance(entry, _Sound)]
        return bytes(self._heard) + b"".join(parts)

    @property
    def next_mark_at(self) -> float | None:
        """When the next mark is due."""
        return next((entry.ends_at for entry in self._queue if isinstance(entry, _Mark)), None)
