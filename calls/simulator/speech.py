"""Words made audible: by espeak-ng where it is installed, else as one short tone per letter.

Both are the same every time, so that whoever knows a sentence can find its sound in what was heard.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import wave
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from calls.simulator import mulaw

LETTER_MS = 60
SHORTEST_MS, LONGEST_MS = 1000, 3500  # of one sentence as tones

_SENTENCE_END = re.compile(r"(?<=[.!?…؟])\s+")
_SCRIPTS = (("he", re.compile("[\u0590-\u05ff]")), ("ar", re.compile("[\u0600-\u06ff]")))


@dataclass(slots=True)
class Voice:
    """Who speaks: the path of espeak-ng, or None for tones."""

    program: str | None


voice = Voice(shutil.which("espeak-ng"))


class AudioFileError(Exception):
    """A sound file cannot be played; the message says why and what would do."""


def sentences(text: str) -> list[str]:
    """Split ``text`` behind full stops, question marks and exclamation marks."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def speak(text: str) -> bytes:
    """Return ``text`` as mu-law: the sounds of its sentences, one behind the other."""
    return b"".join(_sentence(voice.program, sentence) for sentence in sentences(text))


def is_instant() -> bool:
    """Whether ``speak`` may be called where nothing may wait: tones are, a synthesiser is not."""
    return voice.program is None


def load_wav(path: Path) -> bytes:
    """Read a WAV file of 16-bit samples, mono or stereo, at any rate, as mu-law at 8 kHz."""
    try:
        with wave.open(str(path), "rb") as file:
            return _convert(file, path)
    except FileNotFoundError as error:
        raise AudioFileError(f"There is no file {path}.") from error
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (wave.Error, EOFError) as error:
        raise AudioFileError(f"{path} is not a WAV file of plain 16-bit samples.") from error


def _convert(file: wave.Wave_read, path: Path) -> bytes:
    if file.getsampwidth() != 2 or file.getnchannels() > 2:
        raise AudioFileError(
            f"{path} holds {file.getsampwidth() * 8}-bit samples in {file.getnchannels()} "
            "channels; 16-bit samples in one or two channels are needed."
        )
    samples = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    if file.getnchannels() == 2:
        pairs = zip(samples[::2], samples[1::2], strict=False)
        samples = array("h", ((left + right) // 2 for left, right in pairs))
    if not samples:
        raise AudioFileError(f"{path} holds no sound.")
    return mulaw.encode(samples, file.getframerate())


@lru_cache(maxsize=512)
def _sentence(program: str | None, sentence: str) -> bytes:
    return _tones(sentence) if program is None else _synthesise(program, sentence)


def _tones(sentence: str) -> bytes:
    length = max(SHORTEST_MS, min(LETTER_MS * len(sentence), LONGEST_MS)) // len(sentence)
    return b"".join(_letter(letter, max(length, 1) * mulaw.BYTES_PER_MS) for letter in sentence)


def _letter(letter: str, length: int) -> bytes:
    if letter.isspace():
        return mulaw.SILENCE * length
    return mulaw.tone(16 + ord(letter) % 64, length)


def _synthesise(program: str, sentence: str) -> bytes:
    """Have espeak-ng say the sentence; where it fails, tones must do."""
    language = next((name for name, script in _SCRIPTS if script.search(sentence)), "en")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        command = [program, "-v", language, "-w", str(path), "--stdin"]
        try:
            subprocess.run(  # noqa: S603 - a fixed program, the words on its standard input
                command, input=sentence.encode(), check=True, timeout=10
            )
            return load_wav(path)
        except (OSError, subprocess.SubprocessError, AudioFileError):
            return _tones(sentence)
