"""The shapes of the events that a client may send."""

from typing import Any

import orjson

from calls.simulator.realtime import schema, settings
from calls.simulator.realtime.schema import Check, Rejected

Event = dict[str, Any]  # Any: an event is JSON, as the wire has it

_STATUS = schema.one_of("completed", "incomplete", "in_progress")
_COMMON: dict[str, Check] = {
    "id": schema.text,
    "object": schema.one_of("realtime.item"),
    "status": _STATUS,
}


def _content(**kinds: Check) -> Check:
    return schema.list_of(schema.by_key("type", kinds))


def _part(**required: Check) -> Check:
    return schema.record({"type": schema.text, **required})


_TEXT_IN = _part(text=schema.text)
_MESSAGE = schema.by_key(
    "role",
    {
        role: schema.record({"type": schema.text, "role": schema.text, "content": content}, _COMMON)
        for role, content in {
            "system": _content(input_text=_TEXT_IN),
            "assistant": _content(output_text=_part(text=schema.text)),
            "user": _content(
                input_text=_TEXT_IN,
                input_audio=schema.record(
                    {"type": schema.text, "audio": schema.text}, {"transcript": schema.text}
                ),
            ),
        }.items()
    },
)
ITEM = schema.by_key(
    "type",
    {
        "message": _MESSAGE,
        "function_call": schema.record(
            {"type": schema.text, "name": schema.text, "arguments": schema.text},
            {**_COMMON, "call_id": schema.text},
        ),
        "function_call_output": schema.record(
            {"type": schema.text, "call_id": schema.text, "output": schema.text}, _COMMON
        ),
    },
)
RESPONSE = schema.record(
    None,
    {
        **settings.SPOKEN_UNDER,
        "audio": schema.record(None, {"output": settings.RESPONSE_OUTPUT}),
        "conversation": schema.one_of("auto", "none"),
        "metadata": schema.or_null(schema.strings(16, 64, 512)),
        "input": schema.list_of(ITEM),
    },
)


def _event(
    required: dict[str, Check] | None = None, optional: dict[str, Check] | None = None
) -> Check:
    return schema.record(
        {"type": schema.text, **(required or {})}, {"event_id": schema.text, **(optional or {})}
    )


SHAPES: dict[str, Check] = {
    "session.update": _event({"session": schema.anything}),  # checked when it is applied
    "input_audio_buffer.append": _event({"audio": schema.text}),
    "input_audio_buffer.commit": _event(),
    "input_audio_buffer.clear": _event(),
    "conversation.item.create": _event({"item": ITEM}, {"previous_item_id": schema.text}),
    "conversation.item.retrieve": _event({"item_id": schema.text}),
    "conversation.item.truncate": _event(
        {
            "item_id": schema.text,
            "content_index": schema.whole(0, 0),
            "audio_end_ms": schema.whole(),
        }
    ),
    "conversation.item.delete": _event({"item_id": schema.text}),
    "response.create": _event(None, {"response": RESPONSE}),
    "response.cancel": _event(None, {"response_id": schema.text}),
}


def parse(frame: str | bytes) -> Event:
    """Read one frame as a JSON object; its shape is checked apart, by ``check``."""
    if isinstance(frame, bytes):
        raise Rejected("invalid_event", "Events are JSON objects in text frames.")
    try:
        event = orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise Rejected("invalid_event", f"The frame is not JSON: {error}.") from error
    if not isinstance(event, dict):
        raise Rejected("invalid_event", "An event is a JSON object.")
    return event


def check(event: Event) -> None:
    """Raise ``Rejected`` unless the event has the documented shape."""
    kind = event.get("type")
    if kind is None:
        raise Rejected("missing_required_parameter", "Missing required parameter: 'type'.", "type")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise schema.invalid("type", "one of " + ", ".join(SHAPES))
    SHAPES[kind](event, "")
