"""Our settings in the words of the Realtime API."""

from typing import Any

import pytest

from calls.domain.configuration import changed_session, input_settings
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
