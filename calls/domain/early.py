"""What the caller says before the greeting has begun: kept, so that no word is lost."""

from collections import deque
from dataclasses import dataclass, field

from calls.domain.frames import BYTES_PER_MS, Media

KEPT_BYTES = 3_000 * BYTES_PER_MS


@dataclass(slots=True)
class EarlyAudio:
    """The last three seconds of the caller's frames, until the model may hear them."""

    _frames: deque[Media] = field(default_factory=deque)
    _bytes: int = 0

    def hold(self, media: Media) -> None:
        """Keep a frame; the oldest go where it is more than three seconds."""
        self._frames.append(media)
        self._bytes += media.size
        while self._bytes > KEPT_BYTES:
            self._bytes -= self._frames.popleft().size

    def release(self) -> list[Media]:
        """Give all that is kept, and keep nothing more of it."""
        kept = list(self._frames)
        self._frames.clear()
        self._bytes = 0
        return kept
