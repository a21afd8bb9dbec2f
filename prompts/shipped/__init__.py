"""The prompts that come with the software: one for every call, one for each call type."""

from dataclasses import dataclass
from pathlib import Path

from prompts.domain.kinds import Direction

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shipped:
    """One text and the call type that it is for; None is the universal one."""

    direction: Direction | None
    text: str


def _read(name: str) -> str:
    """The text of one file beside this module."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


SHIPPED = (
    Shipped(None, _read("universal")),
    Shipped(Direction.INBOUND, _read("inbound")),
    Shipped(Direction.OUTBOUND, _read("outbound")),
)
