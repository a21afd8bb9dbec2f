"""What an echo of the session shows beside the words: formats, voice, settings and tools."""

from collections.abc import Iterable, Mapping
from math import isclose
from typing import Any

from calls.domain.configuration import PCMU, Configuration, carried_settings


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


def denies(
    session: Mapping[str, Any], sent: Configuration, others: Iterable[Configuration]
) -> bool:
    """Whether an echo shows a key as one of the others has it, and not as it was sent.

    A value that is neither may be ours in other words; one that is not shown tells nothing.
    """
    shown = {**_part(session, "input"), **{k: session[k] for k in ("tools",) if k in session}}
    wanted, known = carried_settings(sent), [carried_settings(one) for one in others]
    return any(
        key in shown
        and _differs(shown[key], value)
        and not all(_differs(shown[key], one[key]) for one in known)
        for key, value in wanted.items()
    )


def _differs(shown: object, ours: object) -> bool:
    """Whether a value that came back is not ours, as far as it is shown."""
    if isinstance(ours, Mapping) and isinstance(shown, Mapping):
        return any(name in shown and _differs(shown[name], one) for name, one in ours.items())
    if isinstance(ours, list) and isinstance(shown, list):
        return len(shown) != len(ours) or any(map(_differs, shown, ours))
    if isinstance(ours, float) and isinstance(shown, float | int):
        return not isclose(shown, ours, rel_tol=1e-6)
    return shown != ours


def _part(session: Mapping[str, Any], side: str) -> Mapping[str, Any]:
    audio = session.get("audio")
    part = audio.get(side) if isinstance(audio, dict) else None
    return part if isinstance(part, dict) else {}
