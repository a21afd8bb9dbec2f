"""`manage.py` ends with a sentence, and tells no more than was asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT, clean_environment, manage
from tests.services import free_port


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [["migrate"], ["createsuperuser", "--noinput", "--username", "a", "--email", "a@example.com"]],
    ids=["migrate", "createsuperuser"],
)
@pytest.mark.parametrize("where", ["sqlite:///{folder}", "postgres://a:b@127.0.0.1:{port}/c"])
def test_a_database_that_is_away_is_one_sentence(
    command: list[str], where: str, tmp_path: Path
) -> None:
    url = where.format(folder=tmp_path, port=free_port())  # SQLite cannot open a folder
    done = run(*command, DATABASE_URL=url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("The database does not answer; ")
    assert "manage.py doctor" in last


def test_a_database_without_tables_is_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db.sqlite3"
    done = run("seed_demo", DATABASE_URL=url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("The database is not migrated yet; ")


def test_migrating_and_seeding_log_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db.sqlite3"
    for command in (["migrate", "--verbosity", "0"], ["seed_demo"]):
        done = run(*command, DATABASE_URL=url)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    environment = clean_environment(DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
    manage("migrate", "--verbosity", "0", environment=environment)
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=environment,
        stdout=write,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
