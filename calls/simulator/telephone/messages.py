"""The messages of a media stream: Twilio's own built, a server's checked to the letter."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

CONNECTED = '{"event":"connected","protocol":"Call","version":"1.0.0"}'


@dataclass(frozen=True, slots=True)
class Media:
    """Sound for the caller."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A question when everything before it has been heard."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """The rest of the sound is not wanted any more."""


class Violation(Exception):
    """A server sent what Twilio would not accept (warning 31951, or 31950 for binary frames)."""


def parse(frame: str | bytes, stream_sid: str) -> Media | Mark | Clear:
    """Read what a server sent; raise ``Violation`` for anything but the documented fields."""
    if isinstance(frame, bytes):
        raise Violation("A binary frame was sent; messages are text.")
    try:
        message = orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise Violation(f"A message is not JSON: {error}.") from error
    if not isinstance(message, dict):
        raise Violation("A message is not a JSON object.")
    kind = message.get("event")
    if kind not in ("media", "mark", "clear"):
        raise Violation(f"The event {kind!r} is not one that a server may send.")
    body = set() if kind == "clear" else {kind}
    _check_keys(message, {"event", "streamSid"} | body, f"a {kind} message")
    if message["streamSid"] != stream_sid:
        raise Violation(f"A {kind} message names another stream: {message['streamSid']!r}.")
    if kind == "clear":
        return Clear()
    return _media(message[kind]) if kind == "media" else _mark(message[kind])


def _media(body: object) -> Media:
    payload = _only_text(body, "payload", "media")
    try:
        audio = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Violation("The payload of a media message is not base64.") from error
    if not audio:
        raise Violation("The payload of a media message is empty.")
    return Media(audio)


def _mark(body: object) -> Mark:
    return Mark(_only_text(body, "name", "mark"))


def _only_text(body: object, key: str, kind: str) -> str:
    if not isinstance(body, dict):
        raise Violation(f"'{kind}' is not an object.")
    _check_keys(body, {key}, f"'{kind}'")
    value = body[key]
    if not isinstance(value, str):
        raise Violation(f"'{kind}.{key}' is not text.")
    return value


def _check_keys(body: Mapping[str, object], expected: set[str], what: str) -> None:
    if set(body) != expected:
        raise Violation(f"The fields of {what} are {sorted(body)} and not {sorted(expected)}.")


@dataclass(slots=True)
class Builder:
    """Writes Twilio's side of one stream, counting as Twilio counts: from 1, and in strings."""

    stream_sid: str
    call_sid: str
    account_sid: str
    _sequence: int = 0
    _chunk: int = 0

    def start(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Return the message that names the call, as JSON that a test may still spoil."""
        return {
            "event": "start",
            "sequenceNumber": self._next(),
            "streamSid": self.stream_sid,
            "start": {
                "streamSid": self.stream_sid,
                "accountSid": self.account_sid,
                "callSid": self.call_sid,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": dict(parameters),
            },
        }

    def media(self, payload: str, frame_ms: int) -> str:
        """Return one frame of the caller's sound; built by hand because there are many."""
        self._chunk += 1
        return (
            f'{{"event":"media","sequenceNumber":"{self._next()}","streamSid":"{self.stream_sid}",'
            f'"media":{{"track":"inbound","chunk":"{self._chunk}",'
            f'"timestamp":"{self._chunk * frame_ms}","payload":"{payload}"}}}}'
        )

    def mark(self, name: str) -> str:
        """Return a mark that has been passed."""
        return self._message("mark", {"name": name})

    def dtmf(self, digit: str) -> str:
        """Return a key that the caller pressed; its track is named unlike that of media."""
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def stop(self) -> str:
        """Return the last message of a stream."""
        return self._message("stop", {"accountSid": self.account_sid, "callSid": self.call_sid})

    def _message(self, kind: str, body: Mapping[str, str]) -> str:
        head = {"event": kind, "sequenceNumber": self._next(), "streamSid": self.stream_sid}
        return orjson.dumps(head | {kind: body}).decode()

    def _next(self) -> str:
        self._sequence += 1
        return str(self._sequence)
