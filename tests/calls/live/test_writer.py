"""The writer: batches in order, rows once, held while the database is away."""

import asyncio
import logging
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

from calls.live import writer as writers
from calls.live.writer import BATCH, Job, Rows, Writer
from calls.models import Call, Turn

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Database:
    """Takes batches of plain jobs, or is away; tells of every attempt."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.batches: list[list[Job]] = []
        self.attempts: asyncio.Queue[int] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def write(self, batch: list[Job]) -> None:
        self._loop.call_soon_threadsafe(self.attempts.put_nowait, len(batch))
        if self.error:
            raise self.error
        self.batches.append(batch)

    @property
    def written(self) -> list[Job]:
        return [job for batch in self.batches for job in batch]


@pytest.fixture
async def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    found = Database()
    monkeypatch.setattr(writers, "write", found.write)
    monkeypatch.setattr(writers, "PAUSE", 0.01)
    return found


def job(number: int) -> Job:
    return lambda: number


async def test_rows_are_written_in_their_order_and_in_batches(database: Database) -> None:
    writer, jobs = Writer(), [job(n) for n in range(2 * BATCH + 20)]
    for each in jobs:
        writer.put(each)
    assert await writer.flush(within=5)
    assert database.written == jobs
    assert [len(batch) for batch in database.batches] == [BATCH, BATCH, 20]


async def test_a_row_is_written_soon_without_anybody_waiting_for_it(database: Database) -> None:
    writer = Writer()
    writer.put(job(1))
    assert await asyncio.wait_for(database.attempts.get(), 5) == 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, TimeoutError])
async def test_rows_are_held_in_order_while_the_database_is_away_and_written_once(
    database: Database, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    writer, jobs = Writer(), [job(n) for n in range(5)]
    database.error = error("away")
    for each in jobs[:3]:
        writer.put(each)
    for _ in range(3):
        await asyncio.wait_for(database.attempts.get(), 5)
    assert not await writer.flush(within=0.05)
    for each in jobs[3:]:
        writer.put(each)
    database.error = None
    assert await writer.flush(within=5)
    assert database.written == jobs
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1


async def test_the_queue_is_bounded_and_says_what_it_loses(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writers, "LIMIT", 4)
    writer, jobs = Writer(), [job(n) for n in range(6)]
    for each in jobs:
        writer.put(each)
    assert await writer.flush(within=5)
    assert database.written == jobs[:4]
    assert caplog.text.count("a row of a call was lost") == 2


async def test_flushing_an_empty_writer_returns_at_once() -> None:
    assert await Writer().flush(within=0)


async def test_each_event_loop_has_one_writer() -> None:
    assert writers.writer() is writers.writer()
    assert await asyncio.to_thread(asyncio.run, _other()) is not writers.writer()


async def _other() -> Writer:
    return writers.writer()


# Against a real database


@pytest.fixture
def call(transactional_db: None) -> Call:
    return Call.objects.create(sid="CA" + "1" * 32, direction="inbound", started_at=NOW)


def turn(call: Call, position: int, text: str = "", *, key: UUID | None = None) -> Turn:
    return Turn(
        id=key or uuid4(),
        call=call,
        position=position,
        speaker="agent",
        text=text,
        started_at=NOW,
    )


async def stored() -> list[tuple[int, str]]:
    found = Turn.objects.order_by("position").values_list("position", "text")
    return await database_sync_to_async(list)(found)


@pytest.mark.both_databases
async def test_the_last_of_several_rows_with_one_id_stands(call: Call) -> None:
    writer, key = Writer(), uuid4()
    for text in ("begun", "said"):
        writer.put(turn(call, 1, text, key=key))
    assert await writer.flush(within=5)
    assert await stored() == [(1, "said")]
    writer.put(turn(call, 1, "heard", key=key))
    assert await writer.flush(within=5)
    assert await stored() == [(1, "heard")]


@pytest.mark.both_databases
async def test_a_row_that_can_never_be_written_is_left_out_alone(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer()
    stranger = Call(pk=999_999)
    for each in (turn(call, 1), turn(stranger, 2), turn(call, 3)):
        writer.put(each)
    writer.put(lambda: 1 / 0)
    writer.put(Rows(lambda: [1 / 0]))  # type: ignore[list-item]  # cannot even be made
    writer.put(Rows(lambda: [turn(call, 4)]))
    assert await writer.flush(within=5)
    assert [position for position, _text in await stored()] == [1, 3, 4]
    assert caplog.text.count("A row of a call cannot be written.") == 3
