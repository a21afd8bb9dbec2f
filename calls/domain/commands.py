"""What a session asks its bridge to do; the session itself never does anything."""

from msgspec import Struct

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


class ToModel(Struct, frozen=True):
    """Send one client event, ready as JSON bytes."""

    data: bytes


class Told(ToModel, frozen=True):
    """Send one that the call's log keeps; sound goes without, fifty times a second."""

    entry: Entry


class ToCaller(Struct, frozen=True):
    """Send one message of the media stream, ready as JSON text."""

    text: str


class Record(Struct, frozen=True):
    """Remember a row."""

    row: Row


class Note(Struct, frozen=True):
    """Write an entry into the call's log, at this place of the order."""

    entry: Entry


class Log(Struct, frozen=True):
    """Write a line for the operator."""

    line: LogLine


class Connect(Struct, frozen=True):
    """Leave the model's socket, and open another one after a pause."""

    pause: float


class End(Struct, frozen=True):
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
