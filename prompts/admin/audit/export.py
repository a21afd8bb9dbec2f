"""A trail as a file: sent in pieces, so that its length costs neither memory nor a long query."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from prompts.domain.spreadsheets import harmless

PIECE = 500
BOM = "\ufeff"  # by which spreadsheets know UTF-8
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def file_of(
    request: HttpRequest, rows: QuerySet[Any], columns: Sequence[str], *, name: str, ending: str
) -> StreamingHttpResponse:
    """The rows as a ``csv`` or ``json`` file."""
    pieces = (_as_csv if ending == "csv" else _as_json)(rows, columns)
    # A server of our own waits for no database, a test's client for no event loop.
    content = _in_threads(pieces) if isinstance(request, ASGIRequest) else pieces
    filename = f"{name}-{timezone.now():%Y-%m-%d}.{ending}"
    return StreamingHttpResponse(
        content,
        content_type=TYPES[ending],
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
        },
    )


def values_of(row: Any, columns: Sequence[str]) -> dict[str, Any]:
    """What a row says in these columns, as plain values."""
    return {name: _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Model) else value


async def _in_threads(pieces: Iterator[str]) -> AsyncIterator[str]:
    """The pieces, each made beside the event loop."""
    while piece := await sync_to_async(partial(next, pieces, ""))():  # none is empty
        yield piece


def _read(rows: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    """All rows, the newest first; each piece is a query of its own that holds nothing open."""
    rows, last = rows.order_by("-pk"), None
    while piece := list((rows if last is None else rows.filter(pk__lt=last))[:PIECE]):
        last = piece[-1].pk
        yield piece


def _as_csv(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[str]:
    """One line for each row after a line of names; no cell is ever a formula."""
    yield BOM + _line(columns)
    for piece in _read(rows):
        yield "".join(_line(map(harmless, values_of(row, columns).values())) for row in piece)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _as_json(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[str]:
    """A list with one row on each line."""
    opening = "["
    for piece in _read(rows):
        lines = [json.dumps(values_of(row, columns), ensure_ascii=False) for row in piece]
        yield opening + "\n" + ",\n".join(lines)
        opening = ","
    yield "[]\n" if opening == "[" else "\n]\n"
