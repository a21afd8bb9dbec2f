"""The model's ear: the input buffer, the caller's turns, and the long silence after an answer."""

from dataclasses import dataclass
from typing import Any

from calls.simulator import mulaw
from calls.simulator.realtime.schema import Rejected
from calls.simulator.realtime.settings import Session
from calls.simulator.realtime.vad import Detector, SpeechStarted, SpeechStopped

LEAST_COMMIT_MS = 100
# How long the stand-in waits before it takes a turn to be over, by eagerness.
EAGERNESS_MS = {"low": 1500, "medium": 800, "auto": 800, "high": 400}


@dataclass(frozen=True, slots=True)
class LongSilence:
    """Nobody has spoken for ``idle_timeout_ms`` after the last answer was played."""

    start_ms: int
    end_ms: int


Heard = SpeechStarted | SpeechStopped | LongSilence


class Ear:
    """Takes the caller's sound and tells where turns begin and end, by audio time alone."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._written = 0
        self._detector: Detector | None = None
        self._turn: dict[str, Any] | None = None
        self._silence_began_ms: int | None = None

    def configure(self, session: Session) -> None:
        """Take the turn detection of the session; an unchanged one goes on undisturbed."""
        turn = session["audio"]["input"]["turn_detection"]
        if turn == self._turn:
            return
        self._turn = turn
        self._detector = _detector(turn, self._now_ms) if turn else None

    @property
    def answers_by_itself(self) -> bool:
        """Whether the end of a turn brings a response."""
        return bool(self._turn and self._turn["create_response"])

    @property
    def interrupts_by_itself(self) -> bool:
        """Whether the caller's voice cancels the running response."""
        return bool(self._turn and self._turn["interrupt_response"])

    def hear(self, audio: bytes) -> list[Heard]:
        """Write ``audio`` to the buffer and say what changed."""
        self._buffer += audio
        self._written += len(audio)
        if self._detector is None:
            return []
        changes: list[Heard] = list(self._detector.hear(audio))
        if self._detector.speaking or changes:
            self._silence_began_ms = None
            return changes
        self._forget_old_silence(self._detector.prefix_padding_ms)
        return self._long_silence()

    def expect_reply(self, playing_ms: int) -> None:
        """An answer of so many milliseconds is on its way: the silence counts from its end."""
        self._silence_began_ms = self._now_ms + playing_ms

    def commit(self) -> bytes:
        """Take the buffer as one turn of the caller."""
        if mulaw.duration_ms(self._buffer) < LEAST_COMMIT_MS:
            held = mulaw.duration_ms(self._buffer)
            message = (
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{LEAST_COMMIT_MS}ms of audio, but buffer only has {held}ms of audio."
            )
            raise Rejected("input_audio_buffer_commit_empty", message)
        return self.take()

    def take(self) -> bytes:
        """Empty the buffer, however little it holds."""
        taken, self._buffer = bytes(self._buffer), bytearray()
        return taken

    @property
    def _now_ms(self) -> int:
        return self._written // mulaw.BYTES_PER_MS

    def _forget_old_silence(self, padding_ms: int) -> None:
        surplus = len(self._buffer) - padding_ms * mulaw.BYTES_PER_MS
        if surplus > 0:
            del self._buffer[:surplus]

    def _long_silence(self) -> list[Heard]:
        limit = self._turn.get("idle_timeout_ms") if self._turn else None
        began = self._silence_began_ms
        if limit is None or began is None or self._now_ms < began + limit:
            return []
        self._silence_began_ms = None
        return [LongSilence(began, self._now_ms)]


def _detector(turn: dict[str, Any], position_ms: int) -> Detector:
    if turn["type"] == "server_vad":
        numbers = (turn["threshold"], turn["prefix_padding_ms"], turn["silence_duration_ms"])
    else:
        numbers = (0.5, 300, EAGERNESS_MS[turn["eagerness"]])
    return Detector(*numbers, position_ms=position_ms)
