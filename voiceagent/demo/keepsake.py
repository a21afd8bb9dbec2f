"""Where the database of a demo is kept: as the one of ``make run``, unless that one is in use."""

import fcntl
import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FOLDER = settings.BASE_DIR / "var"
SERVED = "the server with this call: http://127.0.0.1:8000/admin/ (demo / demo)"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the databases, in words, and how to look at the newest."""

    sentence: str
    next_step: str


def keep(source: Path, folder: Path = FOLDER) -> Kept:
    """Copy a demo's database into ``folder``; every earlier one stays there under a number."""
    with closing(sqlite3.connect(source)) as connection:  # all of it in the one file
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder.mkdir(exist_ok=True)
    with _lock(folder / "demo.lock") as is_ours:
        if is_ours:
            return _keep_as_newest(source, folder / "demo.sqlite3")
    return _keep_beside(source, folder / "demo.sqlite3")


def _keep_as_newest(source: Path, place: Path) -> Kept:
    sentence = f"The call is kept in {_shown(place)}."
    if place.exists():
        earlier = _numbered(place)
        place.replace(earlier)
        _move_companions(place, earlier)
        sentence += f"\nYour earlier demo database is kept as {_shown(earlier)}."
    _copy(source, place)
    return Kept(sentence, f"make run        {SERVED}")


def _keep_beside(source: Path, place: Path) -> Kept:
    beside = _numbered(place)
    _copy(source, beside)
    return Kept(
        f"A server is using {_shown(place)}, so the call is kept beside it in {_shown(beside)}.",
        f"DATABASE_URL=sqlite:///{_shown(beside)} make run\n"
        f"                  {SERVED};\n"
        "                  end the other server first",
    )


@contextmanager
def _lock(path: Path) -> Iterator[bool]:
    """Say whether nobody serves the database; ``.ci/serve`` shares this lock while it does."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _numbered(place: Path) -> Path:
    """The first name beside ``place`` that is free: demo-1.sqlite3, demo-2.sqlite3, ..."""
    names = (place.with_name(f"{place.stem}-{n}{place.suffix}") for n in itertools.count(1))
    return next(name for name in names if not name.exists())


def _move_companions(old: Path, new: Path) -> None:
    """A server that crashed left its last rows in the -wal, which goes by the database's name."""
    for ending in ("-wal", "-shm"):
        companion = old.with_name(old.name + ending)
        if companion.exists():
            companion.replace(new.with_name(new.name + ending))


def _copy(source: Path, place: Path) -> None:
    unfinished = place.with_name(f"{place.name}.new")
    shutil.copy(source, unfinished)
    unfinished.replace(place)


def _shown(path: Path) -> str:
    return os.path.relpath(path, settings.BASE_DIR)
