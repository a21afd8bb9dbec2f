"""What an echo of the session shows beside the words: the formats and the voice."""

from collections.abc import Mapping
from typing import Any

from calls.domain.configuration import PCMU


def wrong_format(session: Mapping[str, Any]) -> str:
    """A sentence when an echo names audio that a phone line cannot carry."""
    for side in ("input", "output"):
        shown = _part(session, side).get("format")
        kind = shown.get("type") if isinstance(shown, dict) else shown
        if kind is not None and kind != PCMU["type"]:
            return f"The model's side speaks {str(kind)[:40]} where the line needs mu-law."
    return ""


def other_voice(session: Mapping[str, Any], voice: str) -> str:
    """The voice that an echo shows, where it is not ours."""
    shown = _part(session, "output").get("voice")
    return shown[:40] if isinstance(shown, str) and shown != voice else ""


def _part(session: Mapping[str, Any], side: str) -> Mapping[str, Any]:
    audio = session.get("audio")
    part = audio.get(side) if isinstance(audio, dict) else None
    return part if isinstance(part, dict) else {}
