"""The report: one table of goals, figures and verdicts, and all rounds below it, in Markdown."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median

from tests.bench.figures import (
    Window,
    median_ratio,
    percentile,
    ratio_of_medians,
    verdict,
)
from tests.bench.rounds import BARE, DAPHNE, DAPHNE_SLOW, POSTGRES, SLOW, SQLITE, UVICORN, Found


@dataclass(frozen=True, slots=True)
class Row:
    """One goal; only uvicorn is held to it."""

    name: str
    goal: float
    form: str
    uvicorn: float
    daphne: float

    def line(self) -> str:
        """The row as Markdown."""
        limit = self.form.format(self.goal)
        cells = [self.name, f"<= {limit}" if self.goal else limit]
        cells += [shown(self.form, self.uvicorn), verdict(self.uvicorn, self.goal)]
        return f"| {' | '.join([*cells, shown(self.form, self.daphne)])} |"


def rows(found: Found) -> list[Row]:
    """Every goal."""

    def against(
        form: Callable[[Sequence[float], Sequence[float]], float],
        figure: Callable[[Window], float],
        reference: str = BARE,
    ) -> Callable[[str], float]:
        return lambda name: form(*_pairs(found, name, reference, figure))

    cpu = against(median_ratio, lambda window: window.cpu_us)
    p50 = against(median_ratio, lambda window: window.p50_ms)
    p99 = against(ratio_of_medians, lambda window: window.p99_ms)
    slow = against(ratio_of_medians, lambda window: window.p99_ms, UVICORN)
    daphne_slow = against(ratio_of_medians, lambda window: window.p99_ms, DAPHNE)
    webhook = partial(_webhook, found)
    times = "{:.2f} x"
    return [
        Row("CPU per relayed frame, against bare relay", 1.45, times, cpu(UVICORN), cpu(DAPHNE)),
        Row("Latency p50, against bare relay", 1.5, times, p50(UVICORN), p50(DAPHNE)),
        Row("Latency p99, against bare relay", 3, times, p99(UVICORN), p99(DAPHNE)),
        Row(
            "Latency p99 with a query of 300 ms every second, against without",
            1.5, times, slow(SLOW), daphne_slow(DAPHNE_SLOW),
        ),
        Row(
            "From the media socket's request to its first audio, p95",
            150, "{:.0f} ms", _first_audio(found, UVICORN), _first_audio(found, DAPHNE),
        ),
        *(
            Row(
                f"Webhook's answer on {database}, p99",
                50, "{:.0f} ms", webhook(database, UVICORN), webhook(database, DAPHNE),
            )
            for database in (SQLITE, POSTGRES)
        ),
        Row(
            "Frames lost, reordered or damaged",
            0, "{:.0f}", _wrong(found, UVICORN, SLOW), _wrong(found, DAPHNE, DAPHNE_SLOW),
        ),
    ]  # fmt: skip


def lines(found: Found, today: date) -> Iterator[str]:
    """The whole report."""
    yield f"Measured on {today.isoformat()}: {found.calls} calls, 50 frames a second each way"
    yield "for each call, interleaved with a bare relay (`websockets`, uvloop) in one run."
    yield ""
    yield "| what | goal | uvicorn | verdict | Daphne |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (row.line() for row in rows(found))
    yield ""
    yield "All rounds; a dash is a round that does not count, as the load itself was late."
    yield "A server that used its whole core was saturated, and its ratios say no more than that:"
    yield ""
    yield "| server | us a frame | of its core | p50, ms | p99, ms | first audio p95, ms | late |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, windows in found.windows.items():
        yield _round_line(name, windows)
    yield ""
    for (database, server), took in found.webhooks.items():
        each = ", ".join(f"{percentile(one, 0.99):.0f}" for one in took)
        yield f"Webhook p99 of {server} on {database}, ms: {each}."
    yield from found.notes


def shown(form: str, value: float) -> str:
    """A figure, or a dash where there is none."""
    return "-" if math.isnan(value) else form.format(value)


def _round_line(name: str, windows: Sequence[Window | None]) -> str:
    figures: tuple[tuple[str, Callable[[Window], float]], ...] = (
        ("{:.1f}", lambda window: window.cpu_us),
        ("{:.0%}", lambda window: window.core),
        ("{:.2f}", lambda window: window.p50_ms),
        ("{:.1f}", lambda window: window.p99_ms),
        ("{:.0f}", lambda window: percentile(window.first_audio_ms, 0.95)),
        ("{:.1%}", lambda window: window.late_share),
    )
    cells = [
        ", ".join(shown(form, figure(window)) if window else "-" for window in windows)
        for form, figure in figures
    ]
    return f"| {' | '.join([name, *cells])} |"


def _pairs(
    found: Found, name: str, reference: str, figure: Callable[[Window], float]
) -> tuple[list[float], list[float]]:
    """A figure of a server and of its reference, for the rounds in which both were valid."""
    both = zip(found.windows.get(name, []), found.windows.get(reference, []), strict=False)
    valid = [(mine, other) for mine, other in both if mine and other]
    return [figure(mine) for mine, _ in valid], [figure(other) for _, other in valid]


def _first_audio(found: Found, name: str) -> float:
    each = [
        percentile(window.first_audio_ms, 0.95)
        for window in found.windows.get(name, [])
        if window is not None
    ]
    return percentile(each, 0.5)


def _webhook(found: Found, database: str, server: str) -> float:
    rounds_of = found.webhooks.get((database, server), [])
    return median(percentile(took, 0.99) for took in rounds_of) if rounds_of else math.nan


def _wrong(found: Found, *names: str) -> float:
    windows = [window for name in names for window in found.windows.get(name, []) if window]
    return sum(window.wrong_frames for window in windows) if windows else math.nan
