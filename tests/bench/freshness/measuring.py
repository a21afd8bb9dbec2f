"""The parts of the bench, each on servers and databases of its own."""

import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import psycopg

from tests import services
from tests.bench import processes
from tests.bench.freshness import commits, sound, spread
from tests.bench.freshness.figures import Found, Spread
from tests.bench.freshness.stage import Stage, stage
from tests.bench.rounds import FEWER_CALLS, say
from tests.servers import clean_environment, seeded_database
from tests.settings import ROOT

OPEN_CALLS = "SELECT 1 FROM calls_call WHERE ended_at IS NULL"
WRITTEN_WITHIN = 60.0  # seconds after the last call, until all that is known of it is stored


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured."""

    calls: int = 500
    publishes: int = 100
    both_calls: int = 1000  # in two processes
    both_publishes: int = 40
    sound_calls: int = 100
    pairs: int = 5  # of windows of sound
    seconds: float = 3.0  # of each
    calls_per_second: float = 20.0  # for each process


def measure_one(options: Options, found: Found) -> None:
    """All calls in one process, which publishes as well; then what it left behind is verified."""
    with stage(1) as on:
        say(f"{options.publishes} publishes to {options.calls} calls in one process ...")
        found.one = _spread(on, options.calls, options.publishes, options.calls_per_second)
        _wait_until_written(on)
        _verify(on, found)


def _verify(on: Stage, found: Found) -> None:
    """What the command takes, its start included; it ends with 1 where it finds a fault."""
    say("Verifying the calls ...")
    command = [sys.executable, "manage.py", "verify_audit", "--calls", "--json"]
    environment = clean_environment(DATABASE_URL=on.database_url)
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    report = orjson.loads(done.stdout)
    found.verified, found.faults = report["calls"], report["fault_count"]
    found.verified_per_minute = report["calls"] / (time.monotonic() - began) * 60
    found.notes += [f"A fault: {fault}" for fault in report["faults"][:3]]


def measure_both(options: Options, found: Found) -> None:
    """Twice as many calls in two processes, which publish in turn."""
    with stage(2) as on:
        say(
            f"{options.both_publishes} publishes to {options.both_calls} calls in two processes ..."
        )
        rate = 2 * options.calls_per_second
        found.both = _spread(on, options.both_calls, options.both_publishes, rate)


def _spread(on: Stage, calls: int, publishes: int, calls_per_second: float) -> Spread:
    plan = spread.Plan(
        on.model_port, on.ports, on.token, on.text, calls, calls_per_second, publishes
    )
    seconds = calls / calls_per_second + publishes * spread.APART + 120
    rows = [spread.Publish(**row) for row in _load(spread, plan, seconds)]
    return Spread(calls, rows, commits.committed(on.logs), commits.made(on.database_url))


def _load(module: Any, plan: Any, seconds: float) -> list[dict[str, Any]]:
    """It goes before a server on its core: it notes what has come, and sleeps again."""
    wanted = orjson.dumps(asdict(plan)).decode()
    output = processes.load(module.__name__, wanted, seconds=seconds, priority=3)
    rows: list[dict[str, Any]] = orjson.loads(output)
    return rows


def _wait_until_written(on: Stage) -> None:
    deadline = time.monotonic() + WRITTEN_WITHIN
    with psycopg.connect(on.database_url, autocommit=True) as connection:
        while connection.execute(OPEN_CALLS).fetchone():
            if time.monotonic() > deadline:
                raise processes.Broken("The ends of the calls were not written in time.")
            time.sleep(0.1)


def measure_sound(options: Options, found: Found) -> None:
    """The sound of fewer calls, and of fewer still where the load cannot generate them."""
    for share in (1, *FEWER_CALLS):
        found.sound_calls = calls = max(1, round(options.sound_calls * share))
        say(f"The sound of {calls} calls, without and with two publishes a second ...")
        with stage(1) as on:
            found.windows = _windows(on, calls, options)
        if found.pairs:
            return
        found.notes.append(f"The load was late with the sound of {calls} calls.")


def _windows(on: Stage, calls: int, options: Options) -> list[sound.Window]:
    plan = sound.Plan(
        model_port=on.model_port, port=on.ports[0], token=on.token, text=on.text,
        calls=calls, calls_per_second=options.calls_per_second, pairs=options.pairs,
        seconds=options.seconds,
    )  # fmt: skip
    seconds = calls / options.calls_per_second + 2 * options.pairs * (options.seconds + 1) + 60
    return [sound.Window(**row) for row in _load(sound, plan, seconds)]


def measure_reconcile(found: Found) -> None:
    """One regular question for 500 calls, on each database that there is."""
    for kind in ("sqlite", "postgres"):
        say(f"Asking {kind} the regular question ...")
        try:
            with seeded_database(kind) as url:
                found.reconciles[kind] = _reconciles(url)
        except services.Missing as missing:
            found.notes.append(f"{kind} was left out: {missing}")


def _reconciles(database_url: str) -> list[float]:
    command = [sys.executable, "-m", "tests.bench.freshness.reconcile"]
    environment = clean_environment(DATABASE_URL=database_url, LOG_LEVEL="WARNING")
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    took: list[float] = orjson.loads(done.stdout)
    return took
