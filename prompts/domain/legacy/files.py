"""From the bytes of an export to its rows: JSON or CSV, nothing guessed and nothing repaired."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .faults import BadFile, Wrong, shown
from .strict_json import DECODER, Repeated, kind_of, load

FILE_LIMIT = 64 * 1024 * 1024  # bytes
FIXTURE = frozenset({"model", "pk", "fields"})  # one row of Django's dumpdata
DELIMITERS = ",;\t"
LISTS = frozenset({"businesses"})  # a list of rows stands alone or under this key
OPEN_QUOTE = "unexpected end of data"  # the csv module's words
KEY = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')
SPACE = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as the file has it; ``number`` is that of a spreadsheet, or the place in a list."""

    number: int
    values: Mapping[str, object]
    broken: str = ""  # a sentence, when the row has no values that can be trusted
    broken_field: str = ""


def read_rows(content: bytes, name: str) -> list[RawRow]:
    """Every row of a file; raises `BadFile` when it cannot be read to its end.

    Bytes that are not UTF-8 stay in their fields as broken characters, so that the fault can be
    told with its row and field.
    """
    if len(content) > FILE_LIMIT:
        raise BadFile(f"It has more than {FILE_LIMIT // 1024 // 1024} MB. Split it.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile("It is written in UTF-16. Save it as UTF-8.")
    text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    if not text.strip():
        raise BadFile("It is empty.")
    rows = list(_json_rows(text) if _is_json(text, name) else _csv_rows(text))
    if not rows:
        raise BadFile("It has no rows.")
    return rows


def _is_json(text: str, name: str) -> bool:
    """What the name says; otherwise what the first sign says."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("json", "csv", "tsv"):
        return ending == "json"
    return text.lstrip()[0] in "[{"


def _json_rows(text: str) -> Iterator[RawRow]:
    for number, value in enumerate(_listed(_load(text)), start=1):
        match _plain(value):
            case Repeated() as row:
                sentence = "This key stands twice in the row. Keep one."
                yield RawRow(number, {}, sentence, shown(row.key))
            case dict() as row:
                yield RawRow(number, row)
            case other:
                sentence = f"Here stands {kind_of(other)} in the place of a business."
                yield RawRow(number, {}, sentence)


def _load(text: str) -> object:
    try:
        return load(text)
    except json.JSONDecodeError as error:
        row, start = _row_at(text, error.pos)
        keys = KEY.findall(text, start, error.pos)
        sentence = (
            f"The JSON is broken or ends too soon at line {error.lineno}, column {error.colno} "
            f"({error.msg}). Export the file again."
        )
        raise BadFile(sentence, row=row, field=shown(keys[-1]) if keys else "") from error
    except Wrong as wrong:
        raise BadFile(f"The JSON cannot be read: {wrong}.") from wrong


def _row_at(text: str, position: int) -> tuple[int, int]:
    """The number and the start of the row in which ``position`` stands; 0 outside a list."""
    opened = text.find("[")
    if not 0 <= opened < position:
        return 0, 0
    number, at = 1, opened + 1
    while True:
        match = SPACE.match(text, at)
        start = match.end() if match else at
        try:
            _value, at = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return number, start
        number += 1


def _listed(value: object) -> list[object]:
    """The rows: a list, a list under its key, or one row alone."""
    match value:
        case list():
            return value
        case dict() if value.keys() & LISTS:
            inside = next(iter(value.values()))
            if len(value) == 1 and not isinstance(value, Repeated) and isinstance(inside, list):
                return inside
            raise BadFile("Under “businesses” stands no list, or something stands beside it.")
        case dict():
            return [value]
    raise BadFile(f"It holds {kind_of(value)}, and no list of businesses.")


def _plain(value: object) -> object:
    """A row of Django's ``dumpdata`` as its fields, with its key as ``id``; others as they are."""
    if not isinstance(value, dict) or isinstance(value, Repeated) or value.keys() != FIXTURE:
        return value
    fields = value["fields"]
    is_plain = isinstance(fields, dict) and not isinstance(fields, Repeated)
    return {"id": value["pk"], **fields} if is_plain else fields


def _csv_rows(text: str) -> Iterator[RawRow]:
    """Every line with cells, numbered as a spreadsheet does; the first names the fields."""
    records = [one for one in enumerate(_records(text), start=1) if any(one[1])]
    names = [name.strip() for name in records[0][1]] if records else []
    _refuse_header(names)
    for number, cells in records[1:]:
        if len(cells) == len(names):
            yield RawRow(number, dict(zip(names, cells, strict=True)))
            continue
        counted = f"It has {len(cells)} cells, and the first line names {len(names)} columns."
        yield RawRow(number, {}, f"{counted} Quote texts that hold a comma or a line end.")


def _records(text: str) -> list[list[str]]:
    """The cells of each record; a quote that never ends is told with its row and field."""
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    limit = csv.field_size_limit(FILE_LIMIT)  # a long text is judged as a text, not as a file
    found: list[list[str]] = []
    try:
        found.extend(_read(text, delimiter, strict=True))
    except csv.Error as error:
        ends_open = str(error) == OPEN_QUOTE
        patient = list(_read(text, delimiter, strict=False)) if ends_open else []
        sentence = f"The CSV is broken ({error}). Look for a quote that is not closed or doubled."
        raise BadFile(sentence, row=len(found) + 1, field=_last_field(patient)) from error
    finally:
        csv.field_size_limit(limit)
    return found


def _read(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _last_field(records: list[list[str]]) -> str:
    """The column of the very last cell."""
    header, last = (records[0], records[-1]) if records else ([], [])
    return shown(header[len(last) - 1]) if 0 < len(last) <= len(header) else ""


def _refuse_header(names: list[str]) -> None:
    for place, name in enumerate(names, start=1):
        if not name:
            raise BadFile(f"Column {place} has no name in the first line.", row=1)
        if names.count(name) > 1:
            raise BadFile("This column stands twice. Keep one.", row=1, field=shown(name))
