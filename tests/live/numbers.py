"""Frames of sound that carry a number and are silent to the ear and to the model's VAD."""

import base64

from calls.simulator.realtime.record import Entry, SessionRecord

FRAME = 160  # bytes of mu-law: 20 ms
BITS = 32
PLUS, MINUS = b"\xff", b"\x7f"  # the two noughts of mu-law


def numbered(first: int, count: int) -> bytes:
    """So many frames, the first with this number, which is not nought."""
    return b"".join(_frame(number) for number in range(first, first + count))


def numbers_heard(session: SessionRecord) -> list[int]:
    """The numbers that reached the model, in the order of their arrival."""
    return [number for number in map(_number, session.received) if number]


async def arrival(session: SessionRecord, last: int, *, within: float = 20) -> list[int]:
    """The numbers that reached the model until the one named ``last`` did."""
    looked_at = 0

    def has_come(record: SessionRecord) -> bool:
        nonlocal looked_at
        new, looked_at = record.received[looked_at:], len(record.received)
        return any(_number(entry) == last for entry in new)

    await session.wait_until(has_come, within=within)
    return numbers_heard(session)


def _frame(number: int) -> bytes:
    bits = f"{number:0{BITS}b}".encode()
    return bits.replace(b"0", PLUS).replace(b"1", MINUS).ljust(FRAME, PLUS)


def _number(entry: Entry) -> int:
    """The number of a frame; nought for any other event or sound."""
    if entry.type != "input_audio_buffer.append":
        return 0
    sound = base64.b64decode(entry.event["audio"])
    if not set(sound) <= {PLUS[0], MINUS[0]}:
        return 0
    return int(sound[:BITS].replace(PLUS, b"0").replace(MINUS, b"1"), 2)
