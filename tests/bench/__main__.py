"""Runs the benchmarks and prints their table: `python -m tests.bench [--quick]`."""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from tests.bench import report, rounds
from tests.bench.processes import Broken
from tests.bench.rounds import BARE, DAPHNE, DAPHNE_SLOW, OTHER, POSTGRES, SLOW, SQLITE, UVICORN
from tests.services import Missing

QUICK = rounds.Options(
    rounds=1, daphne_rounds=0, seconds=2, warm_up=0.5, repeats=1, webhook_rounds=1,
    webhook_seconds=3,
)  # fmt: skip


def options() -> rounds.Options:
    """What the flags say."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="half a minute, one round, no Daphne")
    parser.add_argument("--calls", type=int, help="calls at the same time (100)")
    parser.add_argument("--rounds", type=int, help="rounds of every server (5)")
    parser.add_argument("--daphne-rounds", type=int, help="rounds of Daphne (2)")
    parser.add_argument("--webhook-rounds", type=int, help="rounds of the webhooks alone (2)")
    parser.add_argument("--seconds", type=float, help="length of a window (3)")
    parser.add_argument("--other", type=Path, help="another checkout to run uvicorn from as well")
    given = vars(parser.parse_args())
    base = QUICK if given.pop("quick") else rounds.Options()
    return replace(base, **{name: value for name, value in given.items() if value is not None})


def measure(wanted: rounds.Options) -> rounds.Found:
    """Everything, one part after the other."""
    found = rounds.Found()
    kinds = [BARE, UVICORN, SLOW, *([DAPHNE, DAPHNE_SLOW] if wanted.daphne_rounds else [])]
    kinds += [OTHER] if wanted.other else []
    with rounds.servers(kinds, wanted) as targets:
        rounds.measure_windows(targets, wanted, found)
    if wanted.webhook_rounds:
        measure_webhooks(wanted, found)
    return found


def measure_webhooks(wanted: rounds.Options, found: rounds.Found) -> None:
    """The webhooks on each database that there is."""
    kinds = [UVICORN, *([DAPHNE] if wanted.daphne_rounds else [])]
    with ExitStack() as running:
        targets = {}
        for database in (SQLITE, POSTGRES):
            try:
                lent = running.enter_context(rounds.servers(kinds, wanted, database.lower()))
            except Missing as missing:
                found.notes.append(f"{database} was left out: {missing}")
                continue
            targets |= {(database, kind): target for kind, target in lent.items()}
        rounds.measure_webhooks(targets, wanted, found)


def stop(_number: int, _frame: object) -> NoReturn:
    """End as Ctrl-C does, so that every process and database of ours goes with us."""
    raise KeyboardInterrupt


def main() -> None:
    """Measure, print, and say in one sentence what is missing."""
    signal.signal(signal.SIGTERM, stop)
    if not os.path.exists("/proc/self/schedstat"):
        sys.exit("The bench reads the scheduler's run times from /proc, which only Linux has.")
    if len(os.sched_getaffinity(0)) < 2:
        rounds.say("There is one core only: server and load disturb each other.")
    try:
        found = measure(options())
    except (Broken, Missing) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("The bench was stopped.")
    today = datetime.now(UTC).date()
    sys.stdout.write("\n".join(report.lines(found, today)) + "\n")


if __name__ == "__main__":
    main()
