"""Twilio's words: what we read is never trusted, what we build has exactly the fields it may."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.domain import frames
from calls.domain.errors import BadFrame
from tests.calls.domain import builders as b
from tests.calls.domain.test_events import json_values, mutated

START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {},
    },
}
MEDIA = {
    "event": "media",
    "sequenceNumber": "2",
    "streamSid": "MZ1",
    "media": {"track": "inbound", "chunk": "1", "timestamp": "20", "payload": "/////w=="},
}
REAL = [
    {"event": "connected", "protocol": "Call", "version": "1.0.0"},
    START,
    MEDIA,
    {"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": "5"}},
    {"event": "mark", "streamSid": "MZ1", "mark": {"name": "m1"}},
    {"event": "stop", "streamSid": "MZ1", "stop": {"accountSid": "AC1", "callSid": "CA1"}},
]


def parse(message: Any) -> frames.Frame:
    return frames.parse_frame(json.dumps(message))


def test_every_documented_message_is_read() -> None:
    assert [parse(message) for message in REAL] == [
        frames.Connected(),
        frames.Start("MZ1", "CA1", "AC1"),
        frames.Media("/////w==", 4),
        frames.Dtmf("5"),
        frames.Mark("m1"),
        frames.Stop(),
    ]


def test_built_messages_have_exactly_the_documented_fields() -> None:
    assert [json.loads(text) for text in (
        frames.build_media("MZ1", "//8="), frames.build_mark("MZ1", "m1"), frames.build_clear("MZ1")
    )] == [
        {"event": "media", "streamSid": "MZ1", "media": {"payload": "//8="}},
        {"event": "mark", "streamSid": "MZ1", "mark": {"name": "m1"}},
        {"event": "clear", "streamSid": "MZ1"},
    ]  # fmt: skip


@pytest.mark.parametrize("payload", ["", "*", "a", '"},"x":"', "//8=\n", None, 3, "\u05d0"])
def test_sound_that_is_not_base64_is_a_bad_frame(payload: object) -> None:
    with pytest.raises(BadFrame):
        parse(MEDIA | {"media": {"payload": payload}})


@pytest.mark.parametrize("sid", ['MZ"1', "", "M" * 65, "MZ 1", None, "MZ1\n"])
def test_a_stream_id_that_json_would_escape_is_refused(sid: object) -> None:
    with pytest.raises(BadFrame):
        parse(START | {"start": START["start"] | {"streamSid": sid}})  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "size"),
    [(" " * 65_537, 65_537), ("ש" * 32_769, 65_538), ("🙂" * 16_385, 65_540)],
    ids=["ASCII", "Hebrew", "emoji"],
)
def test_a_frame_of_more_bytes_than_the_limit_is_refused_unread(text: str, size: int) -> None:
    with pytest.raises(BadFrame, match=f"^A frame of {size} bytes is over the limit of 65,536.$"):
        frames.parse_frame(text)


@pytest.mark.parametrize("letter", ["x", "ש", "🙂"])
def test_a_frame_of_exactly_the_limit_is_read(letter: str) -> None:
    message = '{"event":"mark","mark":{"name":"%s"}}'
    room = 65_536 - len(message % "")
    name = letter * (room // len(letter.encode()))
    name += "x" * (room - len(name.encode()))
    with pytest.raises(BadFrame, match="over the limit"):
        frames.parse_frame(message % f"{name}x")
    assert frames.parse_frame(message % name) == frames.Mark(name)


@given(st.integers(1, 2000))
def test_the_size_of_sound_is_known(size: int) -> None:
    frame = parse(MEDIA | {"media": {"payload": b.sound(size)}})
    assert frame == frames.Media(b.sound(size), size)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read(text)


@given(json_values | mutated(REAL))
def test_no_message_breaks_the_reader(message: Any) -> None:
    assert read(json.dumps(message))


def test_deep_nesting_is_a_bad_frame() -> None:
    with pytest.raises(BadFrame):
        frames.parse_frame("[" * 5000 + "]" * 5000)


def read(text: str) -> frames.Frame | str:
    """A frame, or a sentence about what is wrong."""
    try:
        return frames.parse_frame(text)
    except BadFrame as bad:
        return str(bad)
