"""The simulator's own tests speak in tones: the same on every machine, and at once."""

import pytest

from calls.simulator import speech


@pytest.fixture(autouse=True)
def tones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech.voice, "program", None)
