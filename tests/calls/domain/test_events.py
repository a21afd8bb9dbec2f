"""OpenAI's words: what we read is never trusted, what we build validates against the SDK."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.realtime import RealtimeClientEvent
from pydantic import BaseModel, TypeAdapter

from calls.domain import events
from calls.domain.configuration import (
    Configuration,
    changed_session,
    full_session,
    renewed_session,
)
from calls.domain.errors import BadEvent
from prompts.domain.agent import EAGERNESS, NOISE_REDUCTIONS, VADS, VOICES, AgentSettings
from tests.calls.domain import builders as b

CLIENT: TypeAdapter[Any] = TypeAdapter(RealtimeClientEvent)
agents = st.builds(
    AgentSettings,
    model=st.sampled_from(["gpt-realtime-2.1", "gpt-realtime-2.1-mini"]),
    voice=st.sampled_from(VOICES),
    vad=st.sampled_from(VADS),
    threshold=st.floats(0, 1),
    prefix_padding_ms=st.integers(0, 2000),
    silence_duration_ms=st.integers(100, 3000),
    idle_timeout_ms=st.none() | st.integers(5000, 30000),
    eagerness=st.sampled_from(EAGERNESS),
    noise_reduction=st.sampled_from(("", *NOISE_REDUCTIONS)),
    transcription_model=st.sampled_from(["", "gpt-transcribe", "gpt-realtime-whisper"]),
    languages=st.lists(st.sampled_from(["he", "ar", "en-US", "en-GB"]), max_size=3).map(tuple),
    max_call_seconds=st.integers(30, 3600),
)
REAL = [
    {"type": "session.created", "event_id": "e", "session": {"type": "realtime"}},
    {"type": "session.updated", "event_id": "e", "session": {"instructions": "x", "audio": {}}},
    {"type": "error", "error": {"type": "t", "code": "c", "message": "m", "event_id": "x"}},
    {"type": "response.created", "response": {"id": "r1", "metadata": {"a": "b"}}},
    {
        "type": "response.done",
        "response": {
            "id": "r1",
            "status": "failed",
            "status_details": {"type": "failed", "error": {"code": "server_error"}},
            "usage": {"total_tokens": 1},
        },
    },
    {"type": "response.output_audio.delta", "response_id": "r", "item_id": "i", "delta": "//8="},
    {"type": "response.output_audio.done", "response_id": "r", "item_id": "i"},
    {"type": "response.output_audio_transcript.delta", "response_id": "r", "item_id": "i",
     "delta": "Hi"},
    {"type": "input_audio_buffer.speech_started", "item_id": "i", "audio_start_ms": 1},
    {"type": "input_audio_buffer.committed", "item_id": "i"},
    {"type": "conversation.item.input_audio_transcription.completed", "item_id": "i",
     "transcript": "Hi"},
    {"type": "conversation.item.input_audio_transcription.failed", "item_id": "i", "error": {}},
]  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def extras(value: object, path: str = "") -> Iterator[str]:
    """The keys that the SDK's types do not know."""
    if isinstance(value, BaseModel):
        yield from (path + key for key in (value.model_extra or {}))
        for name in type(value).model_fields:
            yield from extras(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from extras(each, f"{path}{number}.")


def check(data: bytes) -> dict[str, Any]:
    """Validate a built event; give it as plain JSON."""
    event = json.loads(data)
    assert list(extras(CLIENT.validate_python(event))) == []
    return dict(event)


@st.composite
def mutated(draw: st.DrawFn, originals: list[dict[str, Any]]) -> Any:
    """A real message in which one value, at any depth, is something else or gone."""
    message = json.loads(json.dumps(draw(st.sampled_from(originals))))
    place = message
    for _ in range(4):
        key = draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or draw(st.booleans()):
            break
        place = place[key]
    if draw(st.booleans()):
        place[key] = draw(json_values)
    else:
        place.pop(key, None)
    return message


@given(agents)
def test_the_first_update_validates_for_all_settings(agent: AgentSettings) -> None:
    session = full_session(Configuration(b.words(1), agent), agent.voice)
    assert check(events.build_update("u", session))["session"] == session


@given(agents, agents)
def test_every_later_update_validates_and_touches_neither_voice_nor_formats(
    old: AgentSettings, new: AgentSettings
) -> None:
    before, after = Configuration(b.words(1), old), Configuration(b.words(2), new)
    for session in (changed_session(before, after), renewed_session(after)):
        sent = check(events.build_update("u", session))["session"]
        assert "output" not in sent.get("audio", {})
        assert "format" not in sent.get("audio", {}).get("input", {})
        assert sent["type"] == "realtime"


def test_the_small_events_validate() -> None:
    check(events.build_append("//8="))
    check(events.build_create("c"))
    check(events.build_create("c", instructions="Say hello.", metadata={"a": "b"}))
    check(events.build_cancel("c", "r1"))
    check(events.build_truncate("t", "i1", 120))
    check(events.build_delete("d", "i1"))


def test_an_unknown_type_is_ignored() -> None:
    assert events.parse_event('{"type": "brand.new"}') == events.Ignored("brand.new")


def test_a_failed_response_says_why() -> None:
    parsed = events.parse_event(json.dumps(REAL[4]))
    assert parsed == events.ResponseDone("r1", "failed", "", "server_error", {"total_tokens": 1})


def test_an_error_names_our_event_and_the_parameter() -> None:
    error = {"code": "invalid_value", "type": "t", "message": "m", "param": "session.audio"}
    parsed = events.parse_event(json.dumps({"type": "error", "error": error | {"event_id": "u"}}))
    assert parsed == events.ModelError("invalid_value", "t", "m", "u", "session.audio")


def test_sound_without_its_padding_is_padded() -> None:
    text = json.dumps(REAL[5] | {"delta": "//8"})
    assert events.parse_event(text) == events.AudioDelta("r", "i", "//8=")


@pytest.mark.parametrize("sound", ['"},"x', "a", "//8=//8=", "\u05d0\u05d0\u05d0\u05d0", "a b="])
def test_sound_that_is_not_base64_is_a_bad_event(sound: str) -> None:
    with pytest.raises(BadEvent):
        events.parse_event(json.dumps(REAL[5] | {"delta": sound}))


@pytest.mark.parametrize("metadata", [["abc"], "ab", 3, None, [["a", 1]]])
def test_metadata_that_is_no_object_is_none(metadata: object) -> None:
    text = json.dumps({"type": "response.created", "response": {"id": "r", "metadata": metadata}})
    assert events.parse_event(text) == events.ResponseCreated("r", {})


@pytest.mark.parametrize("details", ["text", ["list"], {"error": "text"}, None])
def test_the_end_of_a_response_is_never_lost_to_odd_details(details: object) -> None:
    response = {"id": "r", "status": "failed", "status_details": details, "usage": "none"}
    parsed = events.parse_event(json.dumps({"type": "response.done", "response": response}))
    assert parsed == events.ResponseDone("r", "failed", "", "", None)


def nested(depth: int) -> dict[str, Any]:
    return {"deeper": nested(depth - 1)} if depth else {"total_tokens": 3}


@pytest.mark.parametrize("usage", [nested(400), {"note": "\0"}, {"a": {"\0": 1}}])
def test_tokens_that_no_row_can_hold_are_left_out_and_the_answer_is_not(usage: object) -> None:
    response = {"id": "r", "status": "completed", "usage": usage}
    parsed = events.parse_event(json.dumps({"type": "response.done", "response": response}))
    assert parsed == events.ResponseDone("r", "completed", "", "", None)


@given(st.text() | st.binary())
def test_no_text_breaks_the_reader(text: str | bytes) -> None:
    _read(text)


@given(json_values | mutated(REAL))
def test_no_message_breaks_the_reader(message: Any) -> None:
    _read(json.dumps(message))


def _read(text: str | bytes) -> None:
    with suppress(BadEvent):
        events.parse_event(text)
