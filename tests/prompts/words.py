"""Plain wordings for tests that need no database."""

from msgspec.structs import replace

from prompts.domain.agent import AgentSettings
from prompts.domain.fallback import build_fallback
from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.layers import Release, Version, Wording

SETTINGS = AgentSettings(
    model="gpt-realtime",
    voice="marin",
    vad="server_vad",
    threshold=0.5,
    prefix_padding_ms=300,
    silence_duration_ms=500,
    idle_timeout_ms=None,
    eagerness="auto",
    noise_reduction="near_field",
    transcription_model="",
    languages=("en",),
    max_call_seconds=1800,
)


def release(
    revision: int, text: str = "A text.", *, apply: Apply = Apply.LIVE, greeting: str = ""
) -> Release:
    """A release whose version has the number of its revision."""
    return Release(revision, apply, Version(revision, revision, text, greeting))


WORDING = Wording(
    business_id=7,
    business_name="Bloom & Stem",
    direction=Direction.INBOUND,
    channel=Channel.CALLS,
    language="en",
    time_zone="UTC",
    revision=3,
    platform_revision=2,
    universal=(release(1, "Be kind."),),
    business=(release(1, "You work at {{ business_name }}."),),
    call_type=(release(2, "They called us."),),
    placeholders=(("business_name", "Bloom & Stem"), ("agent_name", "")),
    settings=SETTINGS,
    fallback=build_fallback(words="", number="", language="en"),
    paused=False,
)


def wording(**changes: object) -> Wording:
    """The plain wording with some fields changed."""
    return replace(WORDING, **changes)  # type: ignore[arg-type]  # any field, by its name
