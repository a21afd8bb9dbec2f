"""Twilio's words: the messages of a media stream, parsed and built.

Source of every shape: Twilio Media Streams, "WebSocket messages". All numbers inside
messages are strings there, except ``sampleRate`` and ``channels``.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable
from typing import Any

import orjson
from msgspec import Struct

from calls.domain.errors import BadFrame

MAX_FRAME_BYTES = 65_536
BYTES_PER_MS = 8  # audio/x-mulaw at 8000 samples a second, one byte each
STREAM_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Connected(Struct, frozen=True):
    """The socket speaks Twilio's protocol; nothing else is known yet."""


class Start(Struct, frozen=True):
    """The stream begins: which stream, of which call, of which account."""

    stream_sid: str
    call_sid: str
    account_sid: str


class Media(Struct, frozen=True):
    """One frame of the caller's audio, base64 mu-law, as it came."""

    payload: str
    size: int


class Mark(Struct, frozen=True):
    """A mark of ours came back: played, or thrown out by a clear."""

    name: str


class Dtmf(Struct, frozen=True):
    """The caller pressed a key."""

    digit: str


class Stop(Struct, frozen=True):
    """Twilio ends the stream: a hang-up, or a transfer."""


Frame = Connected | Start | Media | Mark | Dtmf | Stop


def size_of(text: str) -> int:
    """The bytes of a message on the wire; those of sound are all ASCII, and are not encoded."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def parse_frame(text: str) -> Frame:
    """Read one message of the media socket.

    Raises BadFrame with a sentence for anything that is not a documented message.
    """
    if (size := size_of(text)) > MAX_FRAME_BYTES:
        raise BadFrame(f"A frame of {size} bytes is over the limit of 65,536.")
    try:
        message = orjson.loads(text)
        event = message["event"]
        if event == "media":
            return _media(message["media"]["payload"])
        return _PARSERS[event](message)
    except BadFrame:
        raise
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadFrame(f"Not a message of a media stream: {type(error).__name__}.") from error


def _media(payload: object) -> Media:
    if not isinstance(payload, str) or not payload:
        raise BadFrame("A media frame has no payload.")
    try:
        return Media(payload, len(a2b_base64(payload, strict_mode=True)))
    except (Base64Error, ValueError) as error:
        raise BadFrame("A media frame's payload is not base64.") from error


def _start(message: dict[str, Any]) -> Start:
    start = message["start"]
    stream_sid = _text(start["streamSid"])
    if not STREAM_SID.fullmatch(stream_sid):
        raise BadFrame("The stream's id is not one that Twilio makes.")
    return Start(stream_sid, _text(start["callSid"]), _text(start["accountSid"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadFrame("A value that has to be text is not.")
    return value


_PARSERS: dict[str, Callable[[dict[str, Any]], Frame]] = {
    "connected": lambda message: Connected(),
    "start": _start,
    "mark": lambda message: Mark(_text(message["mark"]["name"])),
    "dtmf": lambda message: Dtmf(_text(message["dtmf"]["digit"])[:1]),
    "stop": lambda message: Stop(),
}


def build_media(stream_sid: str, payload: str) -> str:
    """Audio for the caller; both arguments are free of characters that JSON would escape."""
    return f'{{"event":"media","streamSid":"{stream_sid}","media":{{"payload":"{payload}"}}}}'


def build_mark(stream_sid: str, name: str) -> str:
    """A question: tell me when all audio before this has been played."""
    return f'{{"event":"mark","streamSid":"{stream_sid}","mark":{{"name":"{name}"}}}}'


def build_clear(stream_sid: str) -> str:
    """Throw out all audio that is queued; every pending mark comes back at once."""
    return f'{{"event":"clear","streamSid":"{stream_sid}"}}'
