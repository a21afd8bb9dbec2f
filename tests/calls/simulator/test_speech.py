"""Words become the same sound every time, by a synthesiser where there is one."""

import sys
from pathlib import Path

import pytest

from calls.simulator import mulaw, speech
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel
from calls.simulator.realtime.deltas import deltas

from .wire import connected

FAKE = """#!{python}
import sys, wave
words, arguments = sys.stdin.read(), sys.argv
assert arguments[1:3] == ["-v", "he"], arguments
with wave.open(arguments[4], "wb") as file:
    file.setparams((1, 2, 22050, 0, "NONE", ""))
    file.writeframes(b"\\0\\x20" * 22050)
"""


@pytest.fixture
def synthesiser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "espeak-ng"
    program.write_text(FAKE.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setattr(speech.voice, "program", str(program))
    return program


def test_tones_follow_the_letters_and_sentences_sound_the_same_in_any_company():
    long = "This sentence has a fair number of letters in it."
    assert len(speech.speak("Hi.")) // 8 in range(900, 1001)
    assert len(speech.speak(long)) // 8 in range(2800, 3000)
    assert speech.speak(long) in speech.speak(f"Good morning! {long} Goodbye.")
    assert speech.speak("Fingerprint aaaaaaaaaaaa.") != speech.speak("Fingerprint aaaaaaaaaaab.")


def test_the_synthesiser_speaks_the_language_of_the_letters(synthesiser):
    assert len(speech.speak("שלום.")) == 8000
    assert {mulaw.SAMPLES[byte] for byte in speech.speak("שלום.")} == {8316}


def test_a_synthesiser_that_fails_leaves_tones(synthesiser, monkeypatch):
    failing = speech.speak("Only Hebrew is spoken here.")
    monkeypatch.setattr(speech.voice, "program", None)
    assert failing == speech.speak("Only Hebrew is spoken here.")


async def test_the_model_waits_for_the_synthesiser_without_standing_still(synthesiser):
    deltas.cache_clear()
    async with SimulatedModel(Faults(), speed=50) as model, connected(model) as client:
        await client.configure("שלום לכולם.")
        await client.send("response.create")
        await client.until("response.created")
        await client.send("input_audio_buffer.clear")
        await client.until("input_audio_buffer.cleared")
        assert "response.output_audio.delta" not in client.kinds
        await client.until("response.done")
    deltas.cache_clear()


@pytest.mark.parametrize("text", ["x", "A few words.", "a b " * 40])
def test_the_pieces_of_an_answer_make_up_its_words_and_its_sound(text):
    pieces = deltas(text)
    assert "".join(piece.words for piece in pieces) == text
    assert b"".join(piece.audio for piece in pieces) == speech.speak(text)
    assert all(100 <= len(piece.audio) / 8 <= 400 for piece in pieces[:-1])
