"""The settings of the agent as plain values, ready for a model session."""

from msgspec import Struct

VADS = ("server_vad", "semantic_vad")
EAGERNESS = ("auto", "low", "medium", "high")
NOISE_REDUCTIONS = ("near_field", "far_field")
VOICES = (
    "marin",
    "cedar",
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "sage",
    "shimmer",
    "verse",
)


class AgentSettings(Struct, frozen=True):
    """How the agent of one business listens and speaks."""

    model: str
    voice: str
    vad: str
    threshold: float
    prefix_padding_ms: int
    silence_duration_ms: int
    idle_timeout_ms: int | None
    eagerness: str
    noise_reduction: str
    transcription_model: str
    languages: tuple[str, ...]
    max_call_seconds: int


class Fallback(Struct, frozen=True):
    """What the caller hears, and where the call goes, when the agent cannot speak."""

    words: str
    number: str
    language: str
