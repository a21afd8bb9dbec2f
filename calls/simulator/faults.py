"""The ways in which the stand-in for the model can be told to misbehave."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Which = Literal["all", "first", "later", "none"] | Collection[int]
"""Which of the things counted from 1 a fault applies to."""

Configured = Literal["ok", "late", "missing", "refused", "altered", "normalised", "unseen"]


def applies(which: Which, number: int) -> bool:
    """Whether a fault for ``which`` applies to number ``number``."""
    match which:
        case "all":
            return True
        case "first":
            return number == 1
        case "later":
            return number > 1
        case "none":
            return False
    return number in which


@dataclass
class Faults:
    """What goes wrong. Fields may be changed while calls run; each is read when it matters.

    Times are simulated seconds. Updates and responses are counted from 1 in each session.
    """

    configured: Configured = "ok"
    """What becomes of ``session.update``: ``late`` is applied and confirmed after ``late_by``,
    ``missing`` is applied and never confirmed, ``refused`` changes nothing and gives an error,
    ``altered`` puts other instructions in force and says so, ``normalised`` confirms the same
    text in another Unicode form with other line ends, ``unseen`` shows no instructions."""
    updates: Which = "all"
    """Which updates ``configured`` applies to."""
    late_by: float = 1.0
    altered_voice: str = ""
    """Another voice than the one asked for stands in each ``session.updated``."""
    altered_format: str = ""
    """Another output format stands there, such as ``audio/pcma``."""
    handshake_status: int = 0
    """The handshake is refused with this HTTP status, such as 401, 429 or 503."""
    handshake_hangs: bool = False
    created_missing: bool = False
    """The socket opens, but ``session.created`` never comes."""
    broken: Which = "all"
    """Connections, counted from 1, that the following four apply to."""
    drop_on_update: int | None = None
    """The connection breaks when the update with this number comes, before it is applied."""
    drop_after: int | None = None
    """The connection breaks once so many responses are done; 0 breaks it after the first update."""
    drop_during: int | None = None
    """The connection breaks in the middle of the sound of the response with this number."""
    expire_after: float | None = None
    """The session reaches its maximum duration after so long."""
    error: Which = "none"
    """Responses that fail: ``response.done`` with status ``failed``, no sound."""
    error_type: str = "server_error"
    error_event: bool = False
    """A failing response is announced by an ``error`` event as well."""
    silence: Which = "none"
    """Responses that never come: nothing answers the request or the caller's turn."""
    tools_silent: bool = False
    """A tool is called without a word; else the model says its sentence first."""
    tool_name: str = ""
    """Tools are called by this name instead of their own."""
    tool_arguments: str = ""
    """Tools are called with this text in place of their arguments."""
