"""Measures freshness and prints the table: `python -m tests.bench.freshness [--quick]`.

From the commit: the moment at which the process that publishes has the database's word for it.
To the wire: the moment at which the other end of the model's socket has read the whole update.
Each publish is one by itself, so none of them is held back as part of a burst, and calls are
silent while it is measured how soon they are all reached: no answer of a model delays an update.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from tests.bench.__main__ import stop
from tests.bench.freshness import measuring, report
from tests.bench.freshness.figures import Found
from tests.bench.freshness.measuring import Options
from tests.bench.processes import Broken
from tests.services import Missing

QUICK = Options(
    calls=100, publishes=10, both_calls=100, both_publishes=6, sound_calls=40, pairs=1, seconds=2
)
PARTS: dict[str, Callable[[Options, Found], None]] = {
    "one": measuring.measure_one,
    "both": measuring.measure_both,
    "sound": measuring.measure_sound,
    "reconcile": lambda _options, found: measuring.measure_reconcile(found),
}


def arguments() -> tuple[Options, list[str]]:
    """What the flags say, and which parts are wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.freshness", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute and a half, fewer calls")
    parser.add_argument("--calls", type=int, help="calls in one process (500)")
    parser.add_argument("--publishes", type=int, help="publishes to them (100)")
    parser.add_argument("--pairs", type=int, help="pairs of windows of sound (5)")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this one")
    given = vars(parser.parse_args())
    parts = given.pop("part") or list(PARTS)
    base = QUICK if given.pop("quick") else Options()
    return replace(base, **{name: one for name, one in given.items() if one is not None}), parts


def main() -> None:
    """Measure, print, and say in one sentence what is missing."""
    signal.signal(signal.SIGTERM, stop)
    options, parts = arguments()
    found = Found()
    try:
        for part in parts:
            PARTS[part](options, found)
    except (Broken, Missing) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("The bench was stopped.")
    table = report.lines(found, datetime.now(UTC).date(), os.getloadavg())
    sys.stdout.write("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
