"""OpenAI's words: the events of a Realtime session, parsed and built.

Source of every shape: OpenAI Realtime API (GA), "Client events" and "Server events". Unknown
types are ignored, as new ones are added without a version change.
"""

from binascii import a2b_base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from msgspec import Struct

from calls.domain.errors import BadEvent


class SessionCreated(Struct, frozen=True):
    """The model's side of the session stands; nothing of ours is in force yet."""


class SessionUpdated(Struct, frozen=True):
    """The whole effective session, as the model's side now holds it."""

    session: Mapping[str, Any]

    @property
    def instructions(self) -> str | None:
        """The text in force, or None when this echo does not show it."""
        text = self.session.get("instructions")
        return text if isinstance(text, str) else None


class ModelError(Struct, frozen=True):
    """Something was refused or went wrong; the socket usually stays open."""

    code: str
    kind: str
    message: str
    event_id: str
    param: str = ""


class SpeechStarted(Struct, frozen=True):
    """The caller began to speak; ``item_id`` is the one that the turn will get."""

    item_id: str


class SpeechStopped(Struct, frozen=True):
    """The caller stopped speaking."""

    item_id: str


class InputCommitted(Struct, frozen=True):
    """The caller's turn became an item of the conversation."""

    item_id: str


class InputTranscribed(Struct, frozen=True):
    """What another model thinks the caller said; may come late, may be wrong."""

    item_id: str
    text: str
    failed: bool = False


class ResponseCreated(Struct, frozen=True):
    """The model begins to answer."""

    response_id: str
    metadata: Mapping[str, str]


class FunctionCall(Struct, frozen=True):
    """The model asks for a tool; the arguments are JSON as it wrote it, sound or not."""

    call_id: str
    name: str
    arguments: str


class ResponseDone(Struct, frozen=True):
    """The model finished answering, in whatever way."""

    response_id: str
    status: str
    reason: str
    error_code: str
    usage: Mapping[str, Any] | None
    calls: tuple[FunctionCall, ...] = ()


class AudioDelta(Struct, frozen=True):
    """Some audio of an answer, base64 mu-law of any length."""

    response_id: str
    item_id: str
    delta: str


class AudioDone(Struct, frozen=True):
    """An item of an answer has all its audio."""

    response_id: str
    item_id: str


class TranscriptDelta(Struct, frozen=True):
    """Some words of an answer, ahead of their audio."""

    response_id: str
    item_id: str
    delta: str


class Ignored(Struct, frozen=True):
    """An event that changes nothing for us."""

    type: str


ServerEvent = (
    SessionCreated
    | SessionUpdated
    | ModelError
    | SpeechStarted
    | SpeechStopped
    | InputCommitted
    | InputTranscribed
    | ResponseCreated
    | ResponseDone
    | AudioDelta
    | AudioDone
    | TranscriptDelta
    | Ignored
)


def parse_event(data: str | bytes) -> ServerEvent:
    """Read one server event.

    Raises BadEvent for text that is not an event, or that lacks what its type promises.
    """
    try:
        event = orjson.loads(data)
        kind = event["type"]
        parser = _PARSERS.get(kind)
        return parser(event) if parser else Ignored(str(kind))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadEvent(f"Not an event of a Realtime session: {type(error).__name__}.") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a value that has to be text is not")
    return value


def _object(value: object) -> dict[str, Any]:
    """An object that may be absent; anything else in its place says nothing."""
    return value if isinstance(value, dict) else {}


def _audio(value: object) -> str:
    """Base64 that Twilio will take: nothing but its alphabet, padded to whole groups."""
    text = _text(value)
    text += "=" * (-len(text) % 4)
    a2b_base64(text, strict_mode=True)
    return text


def _parse_error(event: dict[str, Any]) -> ModelError:
    error = event["error"]
    return ModelError(
        code=str(error.get("code") or ""),
        kind=str(error.get("type") or ""),
        message=str(error.get("message") or ""),
        event_id=str(error.get("event_id") or ""),
        param=str(error.get("param") or ""),
    )


def _parse_done(event: dict[str, Any]) -> ResponseDone:
    response = event["response"]
    details = _object(response.get("status_details"))
    error = _object(details.get("error"))
    return ResponseDone(
        response_id=_text(response["id"]),
        status=str(response.get("status") or ""),
        reason=str(details.get("reason") or ""),
        error_code=str(error.get("code") or error.get("type") or ""),
        usage=_usage(response.get("usage")),
        calls=tuple(_calls(response.get("output"))),
    )


def _usage(value: object) -> dict[str, Any] | None:
    """The tokens of an answer; None for what no row can hold: too deep, or with a NUL in it."""
    if not isinstance(value, dict):
        return None
    try:
        return None if b"\\u0000" in orjson.dumps(value) else value
    except orjson.JSONEncodeError:
        return None


def _calls(output: object) -> Iterator[FunctionCall]:
    """The function calls of a response; half of one is none, and nobody could answer it."""
    for item in output if isinstance(output, list) else []:
        item = _object(item)
        is_whole = item.get("status", "completed") == "completed"
        call_id, name = item.get("call_id"), item.get("name")
        if item.get("type") == "function_call" and is_whole and call_id and name:
            yield FunctionCall(_text(call_id), _text(name), str(item.get("arguments") or ""))


def _parse_updated(event: dict[str, Any]) -> SessionUpdated:
    if not isinstance(event["session"], dict):
        raise TypeError("a session that is not an object")
    return SessionUpdated(event["session"])


_PARSERS: dict[str, Callable[[dict[str, Any]], ServerEvent]] = {
    "session.created": lambda e: SessionCreated(),
    "session.updated": _parse_updated,
    "error": _parse_error,
    "input_audio_buffer.speech_started": lambda e: SpeechStarted(_text(e["item_id"])),
    "input_audio_buffer.speech_stopped": lambda e: SpeechStopped(_text(e["item_id"])),
    "input_audio_buffer.committed": lambda e: InputCommitted(_text(e["item_id"])),
    "conversation.item.input_audio_transcription.completed": lambda e: InputTranscribed(
        _text(e["item_id"]), _text(e["transcript"])
    ),
    "conversation.item.input_audio_transcription.failed": lambda e: InputTranscribed(
        _text(e["item_id"]), "", failed=True
    ),
    "response.created": lambda e: ResponseCreated(
        _text(e["response"]["id"]), _object(e["response"].get("metadata"))
    ),
    "response.done": _parse_done,
    "response.output_audio.delta": lambda e: AudioDelta(
        _text(e["response_id"]), _text(e["item_id"]), _audio(e["delta"])
    ),
    "response.output_audio.done": lambda e: AudioDone(_text(e["response_id"]), _text(e["item_id"])),
    "response.output_audio_transcript.delta": lambda e: TranscriptDelta(
        _text(e["response_id"]), _text(e["item_id"]), _text(e["delta"])
    ),
}


def build_append(payload: str) -> bytes:
    """One frame of the caller's audio, passed on as it came; base64 needs no escaping."""
    return b'{"type":"input_audio_buffer.append","audio":"' + payload.encode() + b'"}'


def build_update(event_id: str, session: Mapping[str, Any]) -> bytes:
    """A ``session.update``; its ``session`` carries ``type`` and what is to change."""
    return orjson.dumps({"type": "session.update", "event_id": event_id, "session": session})


def build_create(
    event_id: str,
    *,
    instructions: str = "",
    metadata: Mapping[str, str] | None = None,
    only_words: bool = False,
) -> bytes:
    """A ``response.create``; its own ``instructions`` replace the session's for this response.

    With ``only_words`` the model may not call a tool in place of speaking.
    """
    response: dict[str, Any] = {"metadata": metadata or {}}
    if instructions:
        response["instructions"] = instructions
    if only_words:
        response["tool_choice"] = "none"
    return orjson.dumps({"type": "response.create", "event_id": event_id, "response": response})


def build_message(event_id: str, role: str, text: str) -> bytes:
    """An item of text; the assistant's own speech can only be given back as text."""
    part = {"type": "output_text" if role == "assistant" else "input_text", "text": text}
    item = {"type": "message", "role": role, "content": [part]}
    return orjson.dumps({"type": "conversation.item.create", "event_id": event_id, "item": item})


def build_output(event_id: str, call_id: str, output: str) -> bytes:
    """The answer to a function call; ``output`` is text that the model reads."""
    item = {"type": "function_call_output", "call_id": call_id, "output": output}
    return orjson.dumps({"type": "conversation.item.create", "event_id": event_id, "item": item})


def build_cancel(event_id: str, response_id: str) -> bytes:
    """Stop a response that is being generated."""
    return orjson.dumps(
        {"type": "response.cancel", "event_id": event_id, "response_id": response_id}
    )


def build_truncate(event_id: str, item_id: str, audio_end_ms: int) -> bytes:
    """Let the model forget what the caller did not hear of an item (its words go as well)."""
    return orjson.dumps(
        {
            "type": "conversation.item.truncate",
            "event_id": event_id,
            "item_id": item_id,
            "content_index": 0,
            "audio_end_ms": audio_end_ms,
        }
    )


def build_delete(event_id: str, item_id: str) -> bytes:
    """Let the model forget an item of which nothing was heard; 0 ms cannot be truncated."""
    return orjson.dumps(
        {"type": "conversation.item.delete", "event_id": event_id, "item_id": item_id}
    )
