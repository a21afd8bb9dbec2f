"""The one writer of a process: rows of calls in progress, in batches, never on the audio path."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import cast
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model

from calls.models import ComposedText, ContextText, EventPage, StoredText
from calls.models.text import WrittenOnce
from calls.threads import DatabaseThreads

logger = logging.getLogger(__name__)

BATCH = 50
LIMIT = 50_000  # some 50 MB: what 500 calls leave in two minutes without a database
PAUSE = 0.2  # seconds between batches, so that they fill
LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are made in the writer's thread, so that the call's own loop need not."""

    make: Callable[[], list[Model]]


Job = Model | Rows | Callable[[], object]

# What other rows name goes first.
ORDER: tuple[type[Model], ...] = (StoredText, ContextText, ComposedText, EventPage)


class Writer:
    """A bounded queue and the task that empties it; it holds its rows while the database is away.

    A row may be put again under the same id as more becomes known of it: the last one stands.
    """

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._threads = DatabaseThreads(threads=1, waiting=1)
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._empty = asyncio.Event()
        self._away = False

    def put(self, job: Job) -> bool:
        """Add a row, or a function that writes; returns at once, False when there is no room."""
        if len(self._jobs) >= LIMIT:
            logger.error("The writer is full: a row of a call was lost.")
            return False
        if len(self._jobs) == LIMIT // 2:
            logger.error("The writer holds %d rows: the database is too slow.", LIMIT // 2)
        self._jobs.append(job)
        self._empty.clear()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return True

    def hurry(self) -> None:
        """Write what is waiting now, without waiting for a batch to fill."""
        self._hurry.set()

    async def flush(self, *, within: float) -> bool:
        """Write what is waiting now; False when the database did not take it in time."""
        if not self._jobs:
            return True
        self.hurry()
        try:
            async with asyncio.timeout(within):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    async def _run(self) -> None:
        pause = PAUSE
        while self._jobs:
            await self._pause(pause)
            batch = list(islice(self._jobs, BATCH))
            if await self._written(batch):
                for _ in batch:
                    self._jobs.popleft()
                pause = 0.0 if len(self._jobs) >= BATCH or self._hurry.is_set() else PAUSE
            else:
                pause = min(max(pause, PAUSE) * 2, LONGEST_PAUSE)
        self._hurry.clear()
        self._empty.set()

    async def _pause(self, seconds: float) -> None:
        """Wait for a batch to fill, unless somebody waits for it."""
        if self._away:  # hurrying does not bring a database back
            await asyncio.sleep(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _written(self, batch: list[Job]) -> bool:
        try:
            await self._threads.run(lambda: write(batch), within=30)
        except (OperationalError, InterfaceError, TimeoutError) as error:
            if not self._away:
                logger.warning("The database does not take rows of calls: %s", error)
            self._away = True
            return False
        if self._away:
            logger.info("The database takes rows of calls again.")
        self._away = False
        return True


def write(batch: list[Job]) -> None:
    """Write a batch in order, all of it in one transaction.

    A row that can never be written is logged and left out: then each goes by itself.
    """
    try:
        with transaction.atomic():
            for kind, group in _groups(_made(batch)):
                _write_group(kind, group)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(batch) == 1:
            logger.exception("A row of a call cannot be written.")
            return
        for job in batch:
            write([job])


def _made(batch: list[Job]) -> Iterator[Job]:
    for job in batch:
        yield from job.make() if isinstance(job, Rows) else [job]


def _groups(batch: Iterable[Job]) -> Iterator[tuple[type[Job], list[Job]]]:
    """Jobs that one statement can write; rows never pass a function on their way."""
    for is_row, jobs in groupby(batch, key=lambda job: isinstance(job, Model)):
        ordered = list(jobs)
        if is_row:
            ordered.sort(key=_place)
        for kind, group in groupby(ordered, key=type):
            yield kind, list(group)


def _place(job: Job) -> tuple[int, str]:
    kind = type(job)
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), kind.__name__)


def _write_group(kind: type[Job], group: list[Job]) -> None:
    if issubclass(kind, Model):
        _write_rows(kind, cast(list[Model], group))
        return
    for job in cast(list[Callable[[], object]], group):
        job()


def _write_rows(kind: type[Model], rows: list[Model]) -> None:
    latest = {row.pk: row for row in rows}  # one statement cannot write an id twice
    if issubclass(kind, WrittenOnce):
        # In one order everywhere, so that two workers with the same texts cannot block each other.
        in_order = sorted(latest.values(), key=lambda row: str(row.pk))
        kind._default_manager.bulk_create(in_order, ignore_conflicts=True)  # type: ignore[arg-type]  # of one kind
        return
    fields = [field.name for field in kind._meta.concrete_fields if not field.primary_key]
    kind._default_manager.bulk_create(
        latest.values(), update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


_writers: WeakKeyDictionary[asyncio.AbstractEventLoop, Writer] = WeakKeyDictionary()


def writer() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _writers:
        _writers[loop] = Writer()
    return _writers[loop]
