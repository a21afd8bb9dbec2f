"""An answer cut into the pieces in which the model sends it, encoded once for all calls."""

import base64
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle

from calls.simulator import mulaw, speech

SIZES = (800, 1700, 2500, 3100, 2003)  # bytes; real ones vary and are not multiples of 160


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of sound with the words that lead it."""

    words: str
    payload: str
    audio: bytes

    @property
    def seconds(self) -> float:
        """How long the piece lasts when it is played."""
        return len(self.audio) / mulaw.SAMPLES_PER_SECOND


@lru_cache(maxsize=256)
def deltas(text: str) -> tuple[Delta, ...]:
    """Return ``text`` as sound in pieces of 100 to 400 ms, all words given out among them."""
    pieces = _cut(speech.speak(text))
    words = _share_out(text, len(pieces))
    return tuple(
        Delta(words, base64.b64encode(piece).decode(), piece)
        for words, piece in zip(words, pieces, strict=True)
    )


def _cut(audio: bytes) -> list[bytes]:
    pieces, sizes = [], cycle(SIZES)
    while audio:
        size = next(sizes)
        pieces.append(audio[:size])
        audio = audio[size:]
    return pieces


def _share_out(text: str, count: int) -> list[str]:
    """Split ``text`` between words into ``count`` parts, some of them empty."""
    ends = [round((part + 1) * len(text) / count) for part in range(count - 1)]
    at_words = [text.rfind(" ", 0, end) + 1 for end in ends]
    return [text[a:b] for a, b in zip([0, *at_words], [*at_words, len(text)], strict=True)]
