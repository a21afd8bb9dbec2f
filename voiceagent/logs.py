"""What operators read: log lines as text or JSON, without the token of a media socket."""

import json
import logging
import re
import time
from collections.abc import Mapping
from functools import wraps
from typing import Any

from daphne.access import AccessLogGenerator
from django.conf import settings

from prompts.requests import current_request

logger = logging.getLogger("daphne.access")
_TOKEN = re.compile(r"(/media-stream/)[^\s\"'?#/,)]+")


def redact(text: str) -> str:
    """Take the token of the media socket out of ``text``: whoever has it can join the call."""
    return _TOKEN.sub(r"\1[redacted]", text) if "/media-stream/" in text else text


def install() -> None:
    """Redact what any library logs in this process, whichever handler it goes to."""
    factory = logging.getLogRecordFactory()
    if not hasattr(factory, "redacts"):
        logging.setLogRecordFactory(_redacting(factory))
        _redact_daphne()


class TextFormatter(logging.Formatter):
    """One line for a person: time, level, place, words."""

    converter = time.gmtime  # type: ignore[assignment]  # as the standard library's own docs do
    default_msec_format = "%s.%03dZ"
    default_time_format = "%Y-%m-%dT%H:%M:%S"

    def __init__(self) -> None:
        """Show the request only where there is one."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(  # noqa: N802 - the name is of the standard library
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        """When it happened, which may be a little before the line is written."""
        if (when := getattr(record, "when", None)) is not None:
            record.created, record.msecs = when, when % 1 * 1000
        return super().formatTime(record, datefmt)

    def format(self, record: logging.LogRecord) -> str:
        """Write the record; a traceback may name a path too."""
        request = current_request.get()
        return redact(super().format(record)) + (f" request_id={request}" if request else "")


class JsonFormatter(TextFormatter):
    """One JSON object for a machine; the facts of an event are its keys."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record; a key of the line itself wins over a fact of the same name."""
        line: dict[str, object] = dict(getattr(record, "facts", {}))
        line |= {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if hasattr(record, "event"):
            line |= {"event": record.event}
        if request := current_request.get():
            line["request_id"] = request
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


def _redacting(factory: Any) -> Any:
    @wraps(factory)
    def create(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = factory(*args, **kwargs)
        record.msg = _redact_argument(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_redact_argument(value) for value in record.args)
        elif record.args:
            record.args = {key: _redact_argument(value) for key, value in record.args.items()}
        return record

    create.redacts = True  # type: ignore[attr-defined]  # marks the factory, so that it is set once
    return create


def _redact_argument(value: Any) -> Any:
    """Keep numbers for ``%d`` as they are; look at what holds text as it would print."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, bytes | Mapping | list | tuple | BaseException):
        text = str(value)
        return redact(text) if "/media-stream/" in text else value
    return value


class _Records:
    """A stream for lines that are to become records."""

    def write(self, line: str) -> None:
        logger.info("%s", line.rstrip())


def _redact_daphne() -> None:
    # Daphne's access log is no log: it writes to a stream of its own, the path with it.
    # Where lines are JSON, so are its own.
    write = AccessLogGenerator.write_entry

    def write_redacted(
        self: Any, host: Any, date: Any, request: str, *rest: Any, **named: Any
    ) -> None:
        log = AccessLogGenerator(_Records()) if settings.LOG_FORMAT == "json" else self
        write(log, host, date, redact(request), *rest, **named)

    AccessLogGenerator.write_entry = write_redacted
