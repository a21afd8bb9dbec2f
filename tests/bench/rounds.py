"""The rounds: every server in turn, again and again, so that noise meets them all alike."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.bench import processes
from tests.bench.figures import Window
from tests.servers import seeded_database
from tests.settings import ROOT

BARE, UVICORN, SLOW, DAPHNE, DAPHNE_SLOW = (
    "bare relay",
    "uvicorn",
    "uvicorn + slow query",
    "Daphne",
    "Daphne + slow query",
)
OTHER = "uvicorn, other checkout"
SQLITE, POSTGRES = "SQLite", "Postgres"
FEWER_CALLS = (0.75, 0.5, 0.25)  # what is tried on a machine that cannot generate all


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured."""

    calls: int = 100
    rounds: int = 5
    daphne_rounds: int = 2
    seconds: float = 3.0
    warm_up: float = 1.0
    repeats: int = 2
    calls_per_second: float = 20.0
    webhooks_per_second: float = 20.0
    webhook_seconds: float = 6.0
    webhook_rounds: int = 2
    other: Path | None = None


@dataclass(slots=True)
class Found:
    """Everything that was measured; a window that was not valid stands as ``None``."""

    calls: int = 0
    windows: dict[str, list[Window | None]] = field(default_factory=lambda: defaultdict(list))
    webhooks: dict[tuple[str, str], list[list[float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """A running server."""

    name: str
    pid: int
    port: int


Targets = dict[str, Target]


@contextmanager
def servers(kinds: list[str], options: Options, database: str = "sqlite") -> Iterator[Targets]:
    """Run these servers beside each other, each on a database of its own."""
    with ExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory(prefix="voiceagent-bench-")))
        _pid, port = running.enter_context(
            processes.helper("tests.bench.model", core=processes.LOAD_CORE)
        )
        url = f"ws://127.0.0.1:{port}/v1/realtime"
        targets = {}
        for kind in kinds:
            say(f"Starting {kind} ...")
            if kind == BARE:
                lent = processes.helper("tests.bench.relay", url, core=processes.SERVER_CORE)
            else:
                lent = processes.server(
                    "daphne" if kind.startswith(DAPHNE) else "uvicorn",
                    running.enter_context(seeded_database(database)),
                    url,
                    folder / "server.log",
                    root=options.other if kind == OTHER and options.other else ROOT,
                    application=(
                        processes.WITH_SLOW_QUERY
                        if kind in (SLOW, DAPHNE_SLOW)
                        else processes.PLAIN
                    ),
                )
            targets[kind] = Target(kind, *running.enter_context(lent))
        yield targets


def measure_windows(targets: Targets, options: Options, found: Found) -> None:
    """All rounds; the number of calls goes down where the load cannot be on time."""
    found.calls = _possible_calls(targets[BARE], options, found)
    for number in range(options.rounds):
        for target in targets.values():
            if target.name in (DAPHNE, DAPHNE_SLOW) and number >= options.daphne_rounds:
                continue
            say(f"Round {number + 1} of {options.rounds}: {target.name} ...")
            found.windows[target.name].append(_valid_window(target, options, found))


def _possible_calls(bare: Target, options: Options, found: Found) -> int:
    """The number of calls that the load can place on time, found out on the bare relay."""
    for share in (1, *FEWER_CALLS):
        calls = max(1, round(options.calls * share))
        say(f"Can this machine generate {calls} calls? ...")
        if any(_window(bare, options, calls).is_valid for _ in range(1 + options.repeats)):
            return calls
        found.notes.append(f"The load was late with {calls} calls.")
    raise processes.Broken("This machine is too busy to generate calls; try again when it is not.")


def _valid_window(target: Target, options: Options, found: Found) -> Window | None:
    for _ in range(1 + options.repeats):
        window = _window(target, options, found.calls)
        if window.is_valid:
            return window
        why = f"{window.late_share:.1%} of the frames left late"
        if window.unplaced:
            why = f"{window.unplaced} calls were not placed"
        found.notes.append(f"A window of {target.name} was thrown away: {why}.")
    return None


def _window(target: Target, options: Options, calls: int) -> Window:
    rate = options.calls_per_second * (5 if target.name == BARE else 1)
    plan = {
        "port": target.port,
        "calls": calls,
        "pid": target.pid,
        "dialled": target.name != BARE,
        "calls_per_second": rate,
        "warm_up": options.warm_up,
        "seconds": options.seconds,
    }
    limit = calls / rate + options.warm_up + options.seconds + 60
    output = processes.load("tests.bench.load", orjson.dumps(plan).decode(), seconds=limit)
    return Window(**orjson.loads(output))


def measure_webhooks(
    targets: dict[tuple[str, str], Target], options: Options, found: Found
) -> None:
    """The voice webhook alone, server by server and database by database."""
    plan = {"per_second": options.webhooks_per_second, "seconds": options.webhook_seconds}
    limit = options.webhook_seconds + 60
    for number in range(options.webhook_rounds):
        for (database, server), target in targets.items():
            say(f"Webhooks, {number + 1} of {options.webhook_rounds}: {server} on {database} ...")
            wanted = orjson.dumps(plan | {"port": target.port}).decode()
            output = processes.load("tests.bench.webhooks", wanted, seconds=limit)
            found.webhooks[database, server].append(orjson.loads(output))


def say(sentence: str) -> None:
    """Tell the person who waits what is done; the table alone goes to the standard output."""
    sys.stderr.write(f"{sentence}\n")
