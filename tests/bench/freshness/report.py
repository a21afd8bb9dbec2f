"""The report: one table of goals, figures and verdicts, and what stands behind it, in Markdown."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from tests.bench.figures import percentile, verdict
from tests.bench.freshness.figures import Found, Spread, middle, worst
from tests.bench.report import shown

DATABASES = {"sqlite": "SQLite", "postgres": "Postgres"}
BESIDE = (
    ("The system that this one replaces: its target, never measured", "500 ms"),
    ("LaunchDarkly: until a change is received, typically, as published", "200 ms"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One goal, which a figure is not to exceed, or with ``at_least`` not to fall below."""

    name: str
    goal: float
    form: str
    figure: float
    at_least: bool = False

    def line(self) -> str:
        """The row as Markdown."""
        sign = ">=" if self.at_least else "<="
        limit = self.form.format(self.goal)
        way = -1 if self.at_least else 1
        word = verdict(way * self.figure, way * self.goal)
        goal = f"{sign} {limit}" if self.goal else limit
        return f"| {self.name} | {goal} | {shown(self.form, self.figure)} | {word} |"


def rows(found: Found) -> list[Row]:
    """Every goal."""
    calls, both = _calls(found.one), _calls(found.both)
    ms = "{:.0f} ms"
    return [
        Row(f"To the last of {calls} calls in one process, median", 30, ms, middle(found.one)),
        Row(f"To the last of {calls} calls in one process, p99", 100, ms, worst(found.one)),
        Row(f"To the last of {both} calls in two processes, median", 100, ms, middle(found.both)),
        Row(
            f"Sound of {found.sound_calls} calls, p99 with two publishes a second to all of them, "
            "against without",
            2, "{:.2f} x", found.sound_ratio,
        ),
        *(
            Row(f"One reconcile for 500 calls on {name}", 5, "{:.1f} ms", _middle_of(found, kind))
            for kind, name in DATABASES.items()
        ),
        Row(
            "Stored calls verified a minute",
            1000, "{:.0f}", found.verified_per_minute, at_least=True,
        ),
        Row("Faults found in them", 0, "{:.0f}", found.faults),
        Row("Updates that did not come", 0, "{:.0f}", found.missing),
    ]  # fmt: skip


def lines(found: Found, today: date, load: Sequence[float]) -> Iterator[str]:
    """The whole report."""
    yield f"Measured on {today.isoformat()}, the machine's load was {load[0]:.1f}. From a publish's"
    yield "commit to `session.update` on the wire, over uvicorn, Postgres and Redis:"
    yield ""
    yield "| what | goal | measured | verdict |"
    yield "| --- | --- | --- | --- |"
    yield from (row.line() for row in rows(found))
    yield from (f"| {name} | - | {figure} | - |" for name, figure in BESIDE)
    yield ""
    for spread in filter(None, (found.one, found.both)):
        yield from _spread_lines(spread)
    for number, (calm, busy) in enumerate(found.pairs, start=1):
        yield (
            f"Sound, pair {number}: p50 {calm.p50_ms:.1f} and {busy.p50_ms:.1f} ms, "
            f"p99 {calm.p99_ms:.1f} and {busy.p99_ms:.1f} ms; {busy.publishes} publishes led to "
            f"{busy.updates} updates."
        )
    yield from _notes(found)


def _spread_lines(spread: Spread) -> Iterator[str]:
    late = len(spread.publishes) - len(spread.valid)
    yield f"{spread.calls} calls, {len(spread.publishes)} publishes; {late} do not count, as the"
    yield "load itself was late. Milliseconds, median and p99:"
    for name, values in (
        ("from the commit to the first call's update", spread.first),
        ("from the commit to the last call's update", spread.last),
        ("to the last from the time on the receipts", spread.last_by_receipt),
    ):
        if values:
            yield f"- {name}: {median(values):.1f} and {percentile(values, 0.99):.1f}"
    yield ""


def _notes(found: Found) -> Iterator[str]:
    if not math.isnan(found.verified_per_minute):
        yield f"{found.verified} calls were verified."
    yield from found.notes


def _calls(spread: Spread | None) -> str:
    return f"{spread.calls:,}" if spread else "all"


def _middle_of(found: Found, kind: str) -> float:
    took = found.reconciles.get(kind)
    return median(took) if took else math.nan
