"""Starts the real application under a real server, on a database of its own."""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

from tests import services
from tests.settings import ROOT, VARIABLES

COMMANDS = {
    "daphne": ["daphne", "-b", "127.0.0.1", "-p"],
    "uvicorn": ["uvicorn", "--ws", "websockets-sansio", "--host", "127.0.0.1", "--port"],
}
APPLICATION = "voiceagent.asgi:application"


@dataclass
class Server:
    """One running server process."""

    base_url: str
    database_url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """Everything it has printed so far, also after its end."""
        return self.log_file.read_text(errors="replace")

    def stop(self) -> None:
        """Ask it to end and wait until it has."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()

    def manage(self, *arguments: str) -> str:
        """Run a management command on the same database and settings; answer what it printed."""
        return manage(*arguments, environment=self.environment)


@contextmanager
def running_server(
    server: str = "uvicorn",
    environment: Mapping[str, str] | None = None,
    *,
    database: str = "sqlite",
    database_url: str = "",
    application: str = APPLICATION,
) -> Iterator[Server]:
    """Run ``voiceagent.asgi:application`` with migrated and seeded data until the block ends.

    ``server`` is ``uvicorn`` or ``daphne``; ``database`` is ``sqlite`` or ``postgres``. A second
    server shares the database of the first by its ``database_url``.
    """
    with ExitStack() as resources:
        url = database_url or resources.enter_context(seeded_database(database))
        running = _start(server, url, environment or {}, application)
        resources.callback(running.stop)
        services.wait_until(lambda: _is_up(running), f"{server} to answer")
        yield running


@contextmanager
def seeded_database(kind: str = "sqlite") -> Iterator[str]:
    """Lend the address of a database as it is after `migrate` and `seed_demo`."""
    if kind == "postgres":
        template = urlsplit(_postgres_template()).path.lstrip("/")
        with services.postgres_database(template) as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="voiceagent-") as folder:
        shutil.copy(_sqlite_template(), f"{folder}/copy.sqlite3")
        yield f"sqlite:///{folder}/copy.sqlite3"


def manage(*arguments: str, environment: Mapping[str, str]) -> str:
    """Run ``manage.py`` and fail with what it said when it ends badly."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def clean_environment(**variables: str) -> dict[str, str]:
    """The shell's environment without anything that sets the project up, and ``variables``."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    kept.pop("DJANGO_SETTINGS_MODULE", None)  # pytest-django leaves the tests' own there
    return kept | {"DJANGO_ENV_FILE": os.devnull, "PYTHONUNBUFFERED": "1"} | variables


def _start(server: str, url: str, environment: Mapping[str, str], application: str) -> Server:
    port = services.free_port()
    base = f"http://127.0.0.1:{port}"
    variables = clean_environment(
        **{"PUBLIC_BASE_URL": base, "DATABASE_URL": url} | dict(environment)
    )
    command = [sys.executable, "-m", *COMMANDS[server], str(port), application]
    log_file = _logs() / f"{server}-{port}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT
        )
    return Server(base, url, variables, process, log_file)


def _is_up(server: Server) -> bool:
    assert server.process.poll() is None, f"The server ended by itself:\n{server.log}"
    try:
        with urllib.request.urlopen(f"{server.base_url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _prepare(url: str) -> None:
    environment = clean_environment(DATABASE_URL=url)
    manage("migrate", "--verbosity", "0", environment=environment)
    manage("seed_demo", environment=environment)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="voiceagent-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_logs = cache(_folder)


@cache
def _sqlite_template() -> Path:
    path = _folder() / "template.sqlite3"
    _prepare(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:  # all of it in the one file that is copied
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@cache
def _postgres_template() -> str:
    lent = services.postgres_database()
    url = lent.__enter__()
    atexit.register(lent.__exit__, None, None, None)
    _prepare(url)
    return url
