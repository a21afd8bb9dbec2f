"""Our settings in the words of the Realtime API."""

from typing import Any

import pytest
from msgspec.structs import replace

from calls.domain.configuration import changed_audio, changed_session, input_settings
from prompts.domain.agent import AgentSettings
from prompts.domain.reach import Reach, reach_of
from tests.calls.domain import builders as b


def transcription(model: str, *languages: str) -> Any:
    agent = b.configuration(1, transcription_model=model, languages=languages).agent
    return input_settings(agent)["transcription"]


def test_transcription_that_is_off_is_null() -> None:
    assert transcription("", "en") is None


@pytest.mark.parametrize(
    ("model", "languages", "expected"),
    [
        ("gpt-transcribe", ("he-IL", "ar"), {"languages": ["he", "ar"]}),
        ("gpt-transcribe", ("en-US", "en-GB"), {"languages": ["en"]}),
        ("gpt-transcribe", (), {}),
        ("gpt-realtime-whisper", ("he-IL",), {"language": "he"}),
        ("gpt-realtime-whisper", ("he", "en"), {}),
    ],
)
def test_languages_are_said_as_the_model_understands_them(
    model: str, languages: tuple[str, ...], expected: dict[str, Any]
) -> None:
    assert transcription(model, *languages) == {"model": model, **expected}


def test_settings_of_the_other_kind_of_vad_stay_out() -> None:
    agent = b.configuration(1, vad="semantic_vad", eagerness="low").agent
    assert input_settings(agent)["turn_detection"] == {
        "type": "semantic_vad",
        "eagerness": "low",
        "create_response": True,
        "interrupt_response": True,
    }


def test_nothing_changed_is_an_update_of_nothing() -> None:
    assert changed_session(b.configuration(1), b.configuration(1)) == {"type": "realtime"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", "gpt-realtime-9"),
        ("voice", "cedar"),
        ("vad", "semantic_vad"),
        ("threshold", 0.9),
        ("prefix_padding_ms", 120),
        ("silence_duration_ms", 900),
        ("idle_timeout_ms", 7000),
        ("eagerness", "high"),
        ("noise_reduction", ""),
        ("transcription_model", "gpt-9"),
        ("languages", ("ar",)),
        ("max_call_seconds", 60),
    ],
)
def test_an_update_carries_what_staff_are_told_that_the_voice_service_confirms(
    name: str, value: object
) -> None:
    vad = "semantic_vad" if name == "eagerness" else "server_vad"
    old = b.configuration(1, vad=vad).agent
    new = replace(old, **{name: value})
    assert bool(changed_audio(old, new)) == (reach_of(name) is Reach.CONFIRMED)


def test_every_setting_of_a_call_is_looked_at_above() -> None:
    marks = test_an_update_carries_what_staff_are_told_that_the_voice_service_confirms.pytestmark
    looked_at = {name for name, _value in marks[0].args[1]}
    assert looked_at == set(AgentSettings.__struct_fields__)
