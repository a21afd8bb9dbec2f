"""The demo keeps every database it made, and leaves nothing behind when it is broken off."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.servers import ROOT, clean_environment
from voiceagent.demo.keepsake import keep


def database(path: Path, word: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE words (word)")
        connection.execute("INSERT INTO words VALUES (?)", [word])
    return path


def word_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        word: str = connection.execute("SELECT word FROM words").fetchone()[0]
        return word


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """As `.ci/serve` holds it."""
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def test_every_earlier_database_is_kept_under_a_number(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    sentences = [
        keep(database(tmp_path / word, word), folder).sentence for word in ("one", "two", "three")
    ]
    assert "Your earlier" not in sentences[0]
    assert sentences[2].endswith("Your earlier demo database is kept as " + shown(folder, 2))
    kept = {path.name: word_of(path) for path in folder.glob("*.sqlite3")}
    assert kept == {"demo-1.sqlite3": "one", "demo-2.sqlite3": "two", "demo.sqlite3": "three"}


def shown(folder: Path, number: int) -> str:
    return os.path.relpath(folder / f"demo-{number}.sqlite3", ROOT) + "."


def test_what_a_crashed_server_had_not_written_back_moves_along(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    keep(database(tmp_path / "one", "one"), folder)
    (folder / "demo.sqlite3-wal").write_bytes(b"rows")
    keep(database(tmp_path / "two", "two"), folder)
    assert (folder / "demo-1.sqlite3-wal").read_bytes() == b"rows"
    assert not (folder / "demo.sqlite3-wal").exists()


def test_a_database_in_use_is_left_alone_and_the_words_say_how_to_look(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    keep(database(tmp_path / "one", "one"), folder)
    with served(folder):
        kept = keep(database(tmp_path / "two", "two"), folder)
    assert word_of(folder / "demo.sqlite3") == "one"
    assert word_of(folder / "demo-1.sqlite3") == "two"
    assert "A server is using" in kept.sentence
    assert "demo-1.sqlite3 make run" in kept.next_step


LOADING = "django.conf"  # Python tells of each module that it has imported


@pytest.mark.parametrize(
    "moment", [LOADING, "Setting up", "Starting the server", "A customer calls", "confirms"]
)
def test_a_demo_that_is_broken_off_says_so_and_leaves_no_process(moment: str) -> None:
    demo = subprocess.Popen(
        [sys.executable, *(["-X", "importtime"] if moment is LOADING else []), "manage.py", "demo"],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout is not None
    printed = ""
    while moment not in printed:
        printed += demo.stdout.readline()
    demo.send_signal(signal.SIGINT)
    # Whatever holds the pipe open still runs, so this ends only when every process has.
    rest = demo.communicate(timeout=40)[0]
    assert demo.returncode == 130
    assert "Traceback" not in printed + rest
    assert moment is LOADING or rest.endswith("The demo was broken off.\n")
