"""Energy decides when the caller speaks, and only audio time counts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.simulator import mulaw
from calls.simulator.realtime.vad import Detector, SpeechStarted, SpeechStopped

PIECES = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=12)


def detector(threshold: float = 0.5, padding: int = 300, silence: int = 500) -> Detector:
    return Detector(threshold, padding, silence)


def sound(pieces: list[tuple[bool, int]]) -> bytes:
    return b"".join(
        mulaw.tone(20, windows * 160) if loud else mulaw.silence(windows * 20)
        for loud, windows in pieces
    )


@settings(deadline=None)
@given(PIECES, st.lists(st.integers(1, 2000), min_size=1, max_size=20))
def test_how_the_sound_is_cut_makes_no_difference(pieces, sizes):
    audio = sound(pieces)
    whole, cut = detector(), detector()
    heard, position = [], 0
    while position < len(audio):
        size = sizes[position % len(sizes)]
        heard += cut.hear(audio[position : position + size])
        position += size
    assert heard == whole.hear(audio)


@settings(deadline=None)
@given(PIECES, st.integers(0, 600), st.integers(20, 1500))
def test_turns_begin_and_end_by_turns_and_times_never_go_back(pieces, padding, silence):
    changes = detector(padding=padding, silence=silence).hear(sound(pieces) + mulaw.silence(1600))
    kinds = [type(change) for change in changes]
    assert kinds == [SpeechStarted, SpeechStopped] * (len(kinds) // 2)
    times = [c.start_ms if isinstance(c, SpeechStarted) else c.end_ms for c in changes]
    assert times == sorted(times)


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_silence_never_speaks(milliseconds):
    assert detector(threshold=0.0).hear(mulaw.silence(milliseconds)) == []


def test_padding_and_silence_count_as_configured():
    audio = mulaw.silence(1000) + mulaw.tone(20, 8000) + mulaw.silence(1000)
    changes = detector(padding=200, silence=700).hear(audio)
    assert changes == [SpeechStarted(800), SpeechStopped(2700)]


def test_a_single_loud_window_is_a_click():
    assert detector().hear(mulaw.tone(20, 160) + mulaw.silence(900)) == []


def test_a_high_threshold_does_not_hear_a_low_voice():
    low = mulaw.tone(20, 8000, 1500)
    assert detector(threshold=0.3).hear(low) != []
    assert detector(threshold=1.0).hear(low) == []


def test_the_table_is_that_of_the_standard():
    assert mulaw.SAMPLES[0xFF] == 0
    assert mulaw.SAMPLES[0x00] == -32124
    assert mulaw.SAMPLES[0x80] == 32124
    assert mulaw.encode(mulaw.SAMPLES, 8000) == bytes(
        0xFF if byte == 0x7F else byte for byte in range(256)
    )
