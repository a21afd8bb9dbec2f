"""Opens each list of staff's with years of history behind it: `python -m tests.bench.desk`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from tests.bench.desk.pages import measure
from tests.bench.figures import verdict
from tests.servers import clean_environment, running_server, seeded_database
from tests.services import Missing
from tests.settings import ROOT

ROUNDS = 5
GOAL = 1.0  # seconds
DATABASES = ("sqlite", "postgres")


@contextmanager
def archive(kind: str) -> Iterator[str]:
    """The address of a database with 100,000 calls, 5,000 versions and 50,000 audit entries."""
    with seeded_database(kind) as url:
        say(f"Filling {kind} with history ...")
        command = [sys.executable, "-m", "tests.bench.desk.archive"]
        quiet = clean_environment(DATABASE_URL=url, LOG_LEVEL="WARNING")
        subprocess.run(command, cwd=ROOT, env=quiet, check=True)
        yield url


def found() -> dict[str, dict[str, float]]:
    """Seconds by page and database, each the middle of its rounds."""
    pages: dict[str, dict[str, float]] = {}
    for kind in DATABASES:
        try:
            with archive(kind) as url, running_server(database_url=url) as server:
                say(f"Opening pages on {kind} ...")
                for name, seconds in measure(server.base_url, ROUNDS):
                    pages.setdefault(name, {})[kind] = median(seconds)
        except Missing as missing:
            say(f"{kind} was left out: {missing}")
    return pages


def line(name: str, seconds: dict[str, float]) -> str:
    """A row of the table."""
    cells = [f"{seconds[kind] * 1000:.0f} ms" if kind in seconds else "-" for kind in DATABASES]
    return f"| {' | '.join([name, *cells, verdict(max(seconds.values()), GOAL)])} |"


def say(sentence: str) -> None:
    """Tell the person who waits what is done."""
    sys.stderr.write(f"{sentence}\n")


def main() -> None:
    """Measure, and print the table."""
    rows = [line(name, seconds) for name, seconds in found().items()]
    head = [
        f"Measured on {datetime.now(UTC).date().isoformat()}: 100,000 calls, 5,000 versions,",
        "50,000 audit entries; each page opened five times, the middle one counts.",
        "",
        f"| page, goal <= {GOAL:.0f} s | SQLite | Postgres | verdict |",
        "| --- | --- | --- | --- |",
    ]
    sys.stdout.write("\n".join([*head, *rows]) + "\n")


if __name__ == "__main__":
    main()
