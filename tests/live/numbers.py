"""Frames of sound that carry a number and are silent to the ear and to the model's VAD."""

import base64
from collections.abc import Iterator

from calls.simulator.realtime.record import SessionRecord

FRAME = 160  # bytes of mu-law: 20 ms
BITS = 32
PLUS, MINUS = b"\xff", b"\x7f"  # the two noughts of mu-law


def numbered(first: int, count: int) -> bytes:
    """So many frames, the first with this number, which is not nought."""
    return b"".join(_frame(number) for number in range(first, first + count))


def numbers_heard(session: SessionRecord) -> list[int]:
    """The numbers that reached the model, in the order of their arrival."""
    return [number for number in _numbers(session) if number]


def _frame(number: int) -> bytes:
    bits = f"{number:0{BITS}b}".encode()
    return bits.replace(b"0", PLUS).replace(b"1", MINUS).ljust(FRAME, PLUS)


def _numbers(session: SessionRecord) -> Iterator[int]:
    for event in session.received_of("input_audio_buffer.append"):
        sound = base64.b64decode(event["audio"])
        if set(sound) <= {PLUS[0], MINUS[0]}:
            yield int(sound[:BITS].replace(PLUS, b"0").replace(MINUS, b"1"), 2)
