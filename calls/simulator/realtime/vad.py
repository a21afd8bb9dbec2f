"""Voice activity by energy: when the caller began to speak and when the caller stopped."""

from dataclasses import dataclass

from calls.simulator import mulaw

WINDOW_MS = 20
WINDOW = WINDOW_MS * mulaw.BYTES_PER_MS
WINDOWS_TO_START = 2  # a single loud window is a click
FULL_SCALE = 32124
LOUDEST_LIMIT = 0.08  # of full scale, at threshold 1


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller began to speak; ``start_ms`` already includes the padding."""

    start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The caller has been quiet for long enough; the turn ends here."""

    end_ms: int


@dataclass(slots=True)
class Detector:
    """Counts audio written to the buffer, never wall time, in windows of 20 ms."""

    threshold: float
    prefix_padding_ms: int
    silence_duration_ms: int
    position_ms: int = 0
    speaking: bool = False
    _loud_ms: int = 0
    _quiet_ms: int = 0
    _turn_began_ms: int = 0
    _rest: bytes = b""

    def hear(self, audio: bytes) -> list[SpeechStarted | SpeechStopped]:
        """Take the next audio, however it was cut, and say what changed."""
        audio = self._rest + audio if self._rest else audio
        whole = len(audio) - len(audio) % WINDOW
        self._rest = audio[whole:]
        changes = (self._window(audio[start : start + WINDOW]) for start in range(0, whole, WINDOW))
        return [change for change in changes if change is not None]

    def _window(self, window: bytes) -> SpeechStarted | SpeechStopped | None:
        self.position_ms += WINDOW_MS
        if self._is_loud(window):
            self._loud_ms, self._quiet_ms = self._loud_ms + WINDOW_MS, 0
        else:
            self._loud_ms, self._quiet_ms = 0, self._quiet_ms + WINDOW_MS
        if self.speaking and self._quiet_ms >= self.silence_duration_ms:
            return self._stop()
        if not self.speaking and self._loud_ms >= WINDOWS_TO_START * WINDOW_MS:
            return self._start()
        return None

    def _is_loud(self, window: bytes) -> bool:
        if window == _SILENT_WINDOW:
            return False
        limit = self.threshold**2 * LOUDEST_LIMIT * FULL_SCALE
        return mulaw.energy(window) > limit * limit

    def _start(self) -> SpeechStarted:
        self.speaking = True
        start = self.position_ms - self._loud_ms - self.prefix_padding_ms
        return SpeechStarted(max(start, self._turn_began_ms))

    def _stop(self) -> SpeechStopped:
        self.speaking = False
        self._turn_began_ms = self.position_ms
        return SpeechStopped(self.position_ms)


_SILENT_WINDOW = mulaw.silence(WINDOW_MS)
