"""The session object: its shape, its defaults and what may change when."""

import copy
from collections.abc import Mapping
from typing import Any

from calls.simulator.realtime import schema
from calls.simulator.realtime.schema import Check, Rejected

Session = dict[str, Any]  # Any: the session is JSON, as the wire has it

DEFAULT_INSTRUCTIONS = "You are the simulator's assistant and nobody has told you what to say."
VOICES = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
AUDIBLE = {"type": "audio/pcmu"}

_TURN_DEFAULTS: Mapping[str, Session] = {
    "server_vad": {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    },
    "semantic_vad": {
        "type": "semantic_vad",
        "eagerness": "auto",
        "create_response": True,
        "interrupt_response": True,
    },
}

_FORMAT = schema.by_key(
    "type",
    {
        "audio/pcmu": schema.record({"type": schema.text}),
        "audio/pcma": schema.record({"type": schema.text}),
        "audio/pcm": schema.record({"type": schema.text}, {"rate": schema.whole(24000, 24000)}),
    },
)
_VOICE = schema.either(schema.record({"id": schema.text}), schema.one_of(*VOICES))
_NOISE_REDUCTION = schema.record(
    {"type": schema.one_of("near_field", "far_field")}, {"strength": schema.number(0, 1)}
)
_TRANSCRIPTION = schema.record(
    None,
    {
        "model": schema.text,
        "language": schema.text,
        "languages": schema.list_of(schema.text),
        "prompt": schema.text,
        "keywords": schema.list_of(schema.text),
        "delay": schema.one_of("minimal", "low", "medium", "high", "xhigh"),
    },
)
_TURN_DETECTION = schema.by_key(
    "type",
    {
        "server_vad": schema.record(
            {"type": schema.text},
            {
                "threshold": schema.number(0, 1),
                "prefix_padding_ms": schema.whole(),
                "silence_duration_ms": schema.whole(),
                "idle_timeout_ms": schema.or_null(schema.whole(5000, 30000)),
                "create_response": schema.flag,
                "interrupt_response": schema.flag,
            },
        ),
        "semantic_vad": schema.record(
            {"type": schema.text},
            {
                "eagerness": schema.one_of("low", "medium", "high", "auto"),
                "create_response": schema.flag,
                "interrupt_response": schema.flag,
            },
        ),
    },
)
_TOOL = schema.by_key(
    "type",
    {
        "function": schema.record(
            {"type": schema.text, "name": schema.text},
            {"description": schema.text, "parameters": schema.anything},
        )
    },
)

# What a single response may override too.
SPOKEN_UNDER: Mapping[str, Check] = {
    "instructions": schema.text,
    "output_modalities": schema.list_of(schema.one_of("audio", "text"), longest=1),
    "tools": schema.list_of(_TOOL),
    "tool_choice": schema.either(
        schema.record({"type": schema.one_of("function"), "name": schema.text}),
        schema.one_of("auto", "none", "required"),
    ),
    "max_output_tokens": schema.either(schema.whole(1, 4096), schema.one_of("inf")),
    "parallel_tool_calls": schema.flag,
    "reasoning": schema.record(
        None, {"effort": schema.one_of("minimal", "low", "medium", "high", "xhigh")}
    ),
}
RESPONSE_OUTPUT = schema.record(None, {"format": _FORMAT, "voice": _VOICE})

SESSION = schema.record(
    {"type": schema.one_of("realtime")},
    {
        **SPOKEN_UNDER,
        "model": schema.text,
        "audio": schema.record(
            None,
            {
                "input": schema.record(
                    None,
                    {
                        "format": _FORMAT,
                        "noise_reduction": schema.or_null(_NOISE_REDUCTION),
                        "transcription": schema.or_null(_TRANSCRIPTION),
                        "turn_detection": schema.or_null(_TURN_DETECTION),
                    },
                ),
                "output": schema.record(
                    None,
                    {"format": _FORMAT, "voice": _VOICE, "speed": schema.number(0.25, 1.5)},
                ),
            },
        ),
        "truncation": schema.either(
            schema.record(
                {
                    "type": schema.one_of("retention_ratio"),
                    "retention_ratio": schema.number(0, 1),
                },
                {"token_limits": schema.record(None, {"post_instructions": schema.whole()})},
            ),
            schema.one_of("auto", "disabled"),
        ),
        "tracing": schema.or_null(
            schema.either(
                schema.record(
                    None,
                    {
                        "workflow_name": schema.text,
                        "group_id": schema.text,
                        "metadata": schema.anything,
                    },
                ),
                schema.one_of("auto"),
            )
        ),
        "include": schema.or_null(
            schema.list_of(schema.one_of("item.input_audio_transcription.logprobs"))
        ),
    },
)


def new_session(*, session_id: str, model: str, expires_at: int) -> Session:
    """Return the session as it stands before anybody configures it."""
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": session_id,
        "model": model,
        "expires_at": expires_at,
        "instructions": DEFAULT_INSTRUCTIONS,
        "output_modalities": ["audio"],
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "noise_reduction": None,
                "transcription": None,
                "turn_detection": dict(_TURN_DEFAULTS["server_vad"]),
            },
            "output": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "voice": "marin",
                "speed": 1.0,
            },
        },
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "truncation": "auto",
        "tracing": None,
        "include": None,
    }


def updated(session: Session, changes: Session, *, has_spoken: bool, is_speaking: bool) -> Session:
    """Return the session with the keys that are present in ``changes`` replaced.

    Raises ``Rejected`` and leaves everything as it was when any of them may not change now.
    """
    SESSION(changes, "session")
    output = changes.get("audio", {}).get("output", {})
    if "voice" in output and has_spoken:
        message = "Cannot update a conversation's voice if assistant audio is present."
        raise Rejected("cannot_update_voice", message, "session.audio.output.voice")
    if "speed" in output and is_speaking:
        raise schema.invalid("session.audio.output.speed", "no change during a response")
    if changes.get("model", session["model"]) != session["model"]:
        raise schema.invalid("session.model", f"{session['model']}, which was fixed at connect")
    if session["tracing"] is not None and changes.get("tracing", session["tracing"]) is None:
        raise schema.invalid("session.tracing", "no change once tracing is on")
    return _merged(session, changes)


def _merged(present: Session, changes: Session) -> Session:
    """Merge by presence, object by object; lists, plain values and null replace."""
    merged = copy.copy(present)
    for key, value in changes.items():
        if key == "turn_detection" and value is not None:
            merged[key] = _turn_detection(present[key], value)
        elif key in ("format", "tools", "tool_choice", "truncation", "voice"):
            merged[key] = copy.deepcopy(value)
        elif isinstance(value, dict) and isinstance(present.get(key), dict):
            merged[key] = _merged(present[key], value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def _turn_detection(present: Session | None, changes: Session) -> Session:
    """Keep the numbers of the same kind of detection; another kind begins with its defaults."""
    same_kind = present is not None and present["type"] == changes["type"]
    return dict(present if present and same_kind else _TURN_DEFAULTS[changes["type"]]) | changes
