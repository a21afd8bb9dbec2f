"""What a session asks its bridge to do; the session itself never does anything."""

from dataclasses import dataclass

from calls.domain.entries import Entry
from calls.domain.reasons import EndReason
from calls.domain.records import (
    FirstAudio,
    ForeignText,
    LogLine,
    ReceiptRecord,
    TextRecord,
    TurnRecord,
)

Row = TurnRecord | ReceiptRecord | TextRecord | FirstAudio | ForeignText


@dataclass(frozen=True, slots=True)
class ToModel:
    """Send one client event, ready as JSON bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Told(ToModel):
    """Send one that the call's log keeps; sound goes without, fifty times a second."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class ToCaller:
    """Send one message of the media stream, ready as JSON text."""

    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Remember a row."""

    row: Row


@dataclass(frozen=True, slots=True)
class Note:
    """Write an entry into the call's log, at this place of the order."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Log:
    """Write a line for the operator."""

    line: LogLine


@dataclass(frozen=True, slots=True)
class Connect:
    """Leave the model's socket, and open another one after a pause."""

    pause: float


@dataclass(frozen=True, slots=True)
class End:
    """Close both legs; what the caller hears next follows from the reason."""

    reason: EndReason
    detail: str = ""


Command = ToModel | ToCaller | Record | Note | Log | Connect | End


def log(event: str, **fields: object) -> Log:
    """A log command with its fields."""
    return Log(LogLine(event, fields))


def alarm(event: str, **fields: object) -> Log:
    """The same, for what somebody has to look at."""
    return Log(LogLine(event, fields, alarm=True))
