"""Mu-law audio at 8 kHz as telephones carry it: one byte a sample, eight bytes a millisecond."""

import math
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import repeat

SAMPLES_PER_SECOND = 8000
BYTES_PER_MS = 8
SILENCE = b"\xff"

_BIAS = 0x84
_CLIP = 32635


def _decode(byte: int) -> int:
    """Return the 16-bit sample that one mu-law byte stands for (ITU-T G.711)."""
    byte = ~byte & 0xFF
    magnitude = (((byte & 0x0F) << 3) + _BIAS) << ((byte & 0x70) >> 4)
    return _BIAS - magnitude if byte & 0x80 else magnitude - _BIAS


def _encode(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = magnitude.bit_length() - 8
    return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)) & 0xFF


SAMPLES = tuple(_decode(byte) for byte in range(256))
"""The sample behind each byte; ``SILENCE`` stands for nought."""

_ENERGY = tuple(sample * sample for sample in SAMPLES)


def duration_ms(audio: bytes | bytearray) -> int:
    """Return the whole milliseconds that ``audio`` lasts."""
    return len(audio) // BYTES_PER_MS


def silence(milliseconds: int) -> bytes:
    """Return so many milliseconds of digital silence."""
    return SILENCE * (milliseconds * BYTES_PER_MS)


def energy(audio: bytes) -> float:
    """Return the mean square of the samples in ``audio``, which is not empty."""
    return sum(map(_ENERGY.__getitem__, audio)) / len(audio)


@cache
def _encoding() -> bytes:
    """Return the byte for each sample, two low bits dropped: they are below mu-law's step."""
    return bytes(_encode((index if index < 8192 else index - 16384) << 2) for index in range(16384))


def encode(samples: Sequence[int], rate: int) -> bytes:
    """Turn 16-bit mono samples of any ``rate`` into mu-law at 8 kHz."""
    table = _encoding()
    resampled = samples if rate == SAMPLES_PER_SECOND else resample(samples, rate)
    return bytes(table[(sample >> 2) & 0x3FFF] for sample in resampled)


def resample(samples: Sequence[int], rate: int) -> Sequence[int]:
    """Bring ``samples`` to 8 kHz: the mean of what each new sample covers, or the nearest one."""
    step = rate / SAMPLES_PER_SECOND
    resampled = array("h", repeat(0, int(len(samples) / step)))
    for index in range(len(resampled)):
        start = int(index * step)
        end = max(start + 1, min(int((index + 1) * step), len(samples)))
        resampled[index] = sum(samples[start:end]) // (end - start)
    return resampled


@cache
def tone(samples_per_turn: int, length: int, amplitude: int = 9000) -> bytes:
    """Return a steady tone of ``length`` bytes, one turn of its wave again and again."""
    angle = 2 * math.pi / samples_per_turn
    turn = bytes(_encode(int(amplitude * math.sin(angle * n))) for n in range(samples_per_turn))
    return (turn * (length // samples_per_turn + 1))[:length]
