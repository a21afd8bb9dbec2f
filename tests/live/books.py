"""What a server wrote into its database, read past it: plain rows as dictionaries."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]  # Any: columns of all types
Found = TypeVar("Found")


@dataclass(frozen=True)
class Books:
    """The rows of one database; ``url`` as ``DATABASE_URL`` has it."""

    url: str

    def call(self, sid: str) -> Row:
        """The row of a call; empty when there is none."""
        found = self.select("SELECT * FROM calls_call WHERE sid = %s", sid)
        return found[0] if found else {}

    def turns(self, sid: str) -> list[Row]:
        """The turns of a call in their order."""
        return self.select(f"SELECT t.* FROM calls_turn t {_OF_CALL} ORDER BY t.position", sid)

    def receipts(self, sid: str) -> list[Row]:
        """The receipts of a call by revision."""
        return self.select(f"SELECT t.* FROM calls_receipt t {_OF_CALL} ORDER BY t.revision", sid)

    def select(self, query: str, *values: object) -> list[Row]:
        """The rows of a query with ``%s`` for values."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=10)) as connection:
                connection.row_factory = sqlite3.Row
                found = connection.execute(query.replace("%s", "?"), values).fetchall()
                return [_with_json(dict(row)) for row in found]
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def write(self, statement: str, *values: object) -> None:
        """Change rows behind the server's back, as time or an accident would."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=10)) as file:
                file.execute(statement.replace("%s", "?"), values)
                file.commit()
            return
        with psycopg.connect(self.url) as connection:
            connection.execute(statement, values)  # type: ignore[arg-type]

    async def until(
        self, probe: Callable[["Books"], Found], what: str, *, within: float = 10
    ) -> Found:
        """What ``probe`` finds, as soon as it finds anything: rows announce nothing."""
        deadline = time.monotonic() + within
        while not (found := await asyncio.to_thread(probe, self)):
            assert time.monotonic() < deadline, f"Waited {within:g} seconds for {what}."
            await asyncio.sleep(0.05)
        return found

    async def ended(self, sid: str, *, within: float = 10) -> Row:
        """The row of a call once its end is written."""

        def probe(books: Books) -> Row:
            row = books.call(sid)
            return row if row.get("end_reason") else {}

        return await self.until(probe, "the end of a call to be written", within=within)


_OF_CALL = "JOIN calls_call c ON c.id = t.call_id WHERE c.sid = %s"


def _with_json(row: Row) -> Row:
    """SQLite keeps JSON as text."""
    for name in ("usage", "settings"):
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return row
