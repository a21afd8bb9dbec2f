"""What the model session of a call is to be: our settings in the words of the Realtime API.

Source: OpenAI Realtime, "The session object". Only keys that are present are applied, ``null``
clears, ``model`` can never change, ``voice`` not after the first audio, formats are set once.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
from msgspec import Struct

from calls.domain.tools import Tool
from prompts.domain.agent import AgentSettings
from prompts.domain.layers import Instructions

PCMU = {"type": "audio/pcmu"}
KNOWS_SEVERAL_LANGUAGES = frozenset({"gpt-transcribe", "gpt-live-transcribe"})


class Configuration(Struct, frozen=True):
    """The words and the settings of one revision, for one call."""

    instructions: Instructions
    agent: AgentSettings
    missing: str = ""  # a sentence about a part that could not be read, for its receipt
    tools: tuple[Tool, ...] = ()

    @property
    def revision(self) -> int:
        """The business's revision at which both were read."""
        return self.instructions.revision

    @property
    def is_whole(self) -> bool:
        """Whether every part of it could be read."""
        return not self.missing

    def speaks_as(self, other: "Configuration") -> bool:
        """Whether a session would be the same under both, voice and model aside."""
        same_words = self.instructions.fingerprint == other.instructions.fingerprint
        same_tools = self.tools == other.tools
        return same_words and same_tools and not changed_audio(self.agent, other.agent)

    @property
    def settings_name(self) -> str:
        """The hash of all that an update may carry beside the words."""
        return settings_name(self.agent, self.tools)


def full_session(configuration: Configuration, voice: str) -> dict[str, Any]:
    """The first ``session.update`` of a session: everything, formats and the voice included.

    The voice is the call's, which may be older than the settings.
    """
    audio_input = {"format": PCMU, **input_settings(configuration.agent)}
    return {
        "type": "realtime",
        "output_modalities": ["audio"],
        "instructions": configuration.instructions.text,
        "audio": {
            "input": audio_input,
            "output": {"format": PCMU, "voice": voice},
        },
        "tools": _definitions(configuration.tools),
        "tool_choice": "auto",
    }


def changed_session(old: Configuration, new: Configuration) -> dict[str, Any]:
    """A later ``session.update``: ``type`` and only the keys that changed."""
    session: dict[str, Any] = {"type": "realtime"}
    if old.instructions.fingerprint != new.instructions.fingerprint:
        session["instructions"] = new.instructions.text
    audio = changed_audio(old.agent, new.agent)
    if audio:
        session["audio"] = {"input": audio}
    if old.tools != new.tools:
        session["tools"] = _definitions(new.tools)
    return session


def renewed_session(configuration: Configuration) -> dict[str, Any]:
    """A later ``session.update`` with every key that may change in a call, changed or not."""
    return {
        "type": "realtime",
        "instructions": configuration.instructions.text,
        "audio": {"input": input_settings(configuration.agent)},
        "tools": _definitions(configuration.tools),
    }


def changed_audio(old: AgentSettings, new: AgentSettings) -> dict[str, Any]:
    """The input settings of ``new`` that differ from those of ``old``."""
    if new == old:
        return {}
    before = input_settings(old)
    return {key: value for key, value in input_settings(new).items() if value != before[key]}


def input_settings(agent: AgentSettings) -> dict[str, Any]:
    """How the caller is listened to, all keys present, ``None`` where something is off."""
    return {
        "noise_reduction": {"type": agent.noise_reduction} if agent.noise_reduction else None,
        "transcription": _transcription(agent),
        "turn_detection": _turn_detection(agent),
    }


@lru_cache(maxsize=256)
def settings_name(agent: AgentSettings, tools: tuple[Tool, ...] = ()) -> str:
    """The hash of the settings that an update may carry; all calls of a business share it."""
    carried = _carried(agent, tools)
    return sha256(orjson.dumps(carried, option=orjson.OPT_SORT_KEYS)).hexdigest()


def carried_settings(configuration: Configuration) -> dict[str, Any]:
    """All that an update may carry beside the words, by its keys."""
    return _carried(configuration.agent, configuration.tools)


def _carried(agent: AgentSettings, tools: tuple[Tool, ...]) -> dict[str, Any]:
    return {**input_settings(agent), "tools": _definitions(tools)}


def _definitions(tools: tuple[Tool, ...]) -> list[dict[str, Any]]:
    return [tool.definition for tool in tools]


def _transcription(agent: AgentSettings) -> Mapping[str, Any] | None:
    if not agent.transcription_model:
        return None
    codes = list(dict.fromkeys(language.split("-")[0] for language in agent.languages))
    if codes and agent.transcription_model in KNOWS_SEVERAL_LANGUAGES:
        return {"model": agent.transcription_model, "languages": codes}
    if len(codes) != 1:  # let the model find out which is spoken
        return {"model": agent.transcription_model}
    return {"model": agent.transcription_model, "language": codes[0]}


def _turn_detection(agent: AgentSettings) -> dict[str, Any]:
    answering = {"create_response": True, "interrupt_response": True}
    if agent.vad == "semantic_vad":
        return {"type": "semantic_vad", "eagerness": agent.eagerness, **answering}
    return {
        "type": "server_vad",
        "threshold": agent.threshold,
        "prefix_padding_ms": agent.prefix_padding_ms,
        "silence_duration_ms": agent.silence_duration_ms,
        "idle_timeout_ms": agent.idle_timeout_ms,  # null clears; an absent key would stay
        **answering,
    }
