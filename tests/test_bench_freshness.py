"""What the bench of freshness makes of what it counted."""

import math
from dataclasses import replace
from datetime import date

from tests.bench.freshness.commits import LINE
from tests.bench.freshness.figures import Found, Spread, middle, worst
from tests.bench.freshness.model import NUMBERED, Arrivals
from tests.bench.freshness.report import lines
from tests.bench.freshness.sound import Window
from tests.bench.freshness.spread import Publish

MS = 1_000_000
PUBLISH = Publish(revision=7, calls=500, first=18 * MS, last=34 * MS, late_ms=1.0)
CALM = Window(publishes=0, updates=0, frames=900, late_share=0.0, p50_ms=1.0, p99_ms=2.0)
BUSY = replace(CALM, publishes=6, updates=300, p99_ms=5.0)


def spread(*publishes: Publish) -> Spread:
    return Spread(500, list(publishes), committed={7: 10 * MS}, made={7: 4 * MS})


def test_the_time_of_a_publish_runs_from_its_commit_to_the_last_call() -> None:
    one = spread(PUBLISH)
    assert (one.first, one.last, one.last_by_receipt) == ([8.0], [24.0], [30.0])
    assert middle(one) == worst(one) == 24.0


def test_a_publish_does_not_count_while_the_load_itself_was_late() -> None:
    one = spread(PUBLISH, replace(PUBLISH, last=900 * MS, late_ms=5.0))
    assert one.last == [24.0]
    assert math.isnan(middle(spread(replace(PUBLISH, late_ms=5.0))))


def test_an_update_that_did_not_come_is_missing_however_late_the_load_was() -> None:
    lost = replace(PUBLISH, calls=498, late_ms=9.0)
    assert spread(PUBLISH, lost, replace(PUBLISH, calls=0)).missing == 502


def test_windows_of_sound_are_compared_in_pairs_and_late_ones_left_out() -> None:
    late = replace(BUSY, late_share=0.005, p99_ms=90.0)
    found = Found(windows=[CALM, BUSY, CALM, late])
    assert found.pairs == [(CALM, BUSY)]
    assert found.sound_ratio == 2.5


def test_updates_are_counted_by_the_number_in_their_text() -> None:
    arrivals = Arrivals()
    for number in (3, 3, 4):
        arrivals.note(b'{"session":{"instructions":"Kind. %s%d. Bye."}}' % (NUMBERED, number))
    arrivals.note(b'{"session":{"instructions":"Nothing of ours."}}')
    assert {number: one.calls for number, one in arrivals.by_number.items()} == {3: 2, 4: 1}
    assert arrivals.by_number[3].first <= arrivals.by_number[3].last


def test_only_what_is_printed_of_the_first_business_is_read() -> None:
    log = (
        "INFO: up\nbench: committed 1 7 1234\nbench: committed 2 8 99\nbench: committed 1 9 5678\n"
    )
    assert LINE.findall(log) == [("7", "1234"), ("9", "5678")]


def test_the_report_says_which_goals_were_met() -> None:
    found = Found(
        one=spread(PUBLISH), sound_calls=100, windows=[CALM, BUSY], verified=500,
        verified_per_minute=1500.0, faults=0, reconciles={"sqlite": [4.0, 2.0, 3.0]},
    )  # fmt: skip
    text = "\n".join(lines(found, date(2026, 11, 28), (1.5, 1.0, 1.0)))
    assert "the machine's load was 1.5" in text
    assert "| To the last of 500 calls in one process, median | <= 30 ms | 24 ms | met |" in text
    assert "calls in two processes, median | <= 100 ms | - | not measured |" in text
    assert "all of them, against without | <= 2.00 x | 2.50 x | missed |" in text
    assert "| One reconcile for 500 calls on SQLite | <= 5.0 ms | 3.0 ms | met |" in text
    assert "| One reconcile for 500 calls on Postgres | <= 5.0 ms | - | not measured |" in text
    assert "| Stored calls verified a minute | >= 1000 | 1500 | met |" in text
    assert "| Updates that did not come | 0 | 0 | met |" in text
    assert "200 ms | - |" in text
