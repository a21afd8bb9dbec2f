"""The arithmetic of the bench, and the frames that its own sockets write and read."""

import asyncio
import math
from dataclasses import replace
from datetime import date

import pytest

from tests.bench.figures import (
    Window,
    median_ratio,
    percentile,
    ratio_of_medians,
    verdict,
)
from tests.bench.report import lines
from tests.bench.rounds import BARE, SLOW, UVICORN, Found
from tests.bench.wire import TEXT, ClientSocket, frame

WINDOW = Window(
    calls=100, unplaced=0, sent=1000, lost=0, reordered=0, damaged=0,
    late_share=0.0, cpu_us=40.0, p50_ms=1.0, p99_ms=4.0, first_audio_ms=[20.0],
)  # fmt: skip


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([7], 0.99) == 7
    assert math.isnan(percentile([], 0.5))


def test_ratios_are_taken_within_a_round() -> None:
    assert median_ratio([20, 60, 40], [10, 20, 40]) == 2
    assert math.isnan(median_ratio([], []))


def test_one_bad_round_on_one_side_decides_nothing() -> None:
    assert ratio_of_medians([4, 50, 6], [2, 3, 90]) == 2
    assert math.isnan(ratio_of_medians([], []))


@pytest.mark.parametrize(
    ("value", "word"), [(1.5, "met"), (1.51, "missed"), (math.nan, "not measured")]
)
def test_a_missing_figure_is_no_success(value: float, word: str) -> None:
    assert verdict(value, 1.5) == word


def test_a_late_or_empty_window_says_nothing() -> None:
    assert WINDOW.is_valid
    assert not replace(WINDOW, late_share=0.005).is_valid
    assert not replace(WINDOW, sent=0).is_valid
    assert not replace(WINDOW, unplaced=1).is_valid


def test_the_report_pairs_rounds_and_leaves_out_invalid_ones() -> None:
    found = Found(calls=100)
    found.windows[BARE] = [WINDOW, WINDOW, WINDOW]
    found.windows[UVICORN] = [replace(WINDOW, cpu_us=56.0), None, replace(WINDOW, lost=1)]
    found.windows[SLOW] = [None]
    found.webhooks["SQLite", UVICORN] = [[10.0] * 99 + [400.0]]
    text = "\n".join(lines(found, date(2026, 11, 21)))
    assert "| CPU per relayed frame, against bare relay | <= 1.45 x | 1.20 x | met | - |" in text
    assert "every second, against without | <= 1.50 x | - | not measured | - |" in text
    assert "| Webhook's answer on SQLite, p99 | <= 50 ms | 10 ms | met | - |" in text
    assert "| Frames lost, reordered or damaged | 0 | 1 | missed | - |" in text
    assert "| uvicorn | 56.0, -, 40.0 | 56%, -, 40% |" in text


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
async def test_frames_survive_being_cut_anywhere(size: int) -> None:
    heard: list[bytes] = []
    socket = ClientSocket(heard.append)
    socket.opened = asyncio.get_running_loop().create_future()
    socket.opened.set_result(b"")
    wire = frame(TEXT, b"a" * size, masking=False) + frame(TEXT, b"end", masking=True)
    for cut in (1, 3, 5):
        heard.clear()
        socket.data_received(wire[:cut])
        socket.data_received(wire[cut:-cut])
        socket.data_received(wire[-cut:])
        assert heard == [b"a" * size, b"end"]
