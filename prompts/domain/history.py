"""What stood before: the version before the present one, and values before later changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One release as history sees it."""

    version_id: int
    is_take_back: bool


def version_before(moves: Iterable[Move]) -> int | None:
    """The version to go back to, or None when nothing stood before; moves come oldest first."""
    standing: list[int] = []
    for move in moves:
        if move.is_take_back and move.version_id in standing:
            while standing[-1] != move.version_id:
                standing.pop()
        elif standing[-1:] != [move.version_id]:
            standing.append(move.version_id)
    return standing[-2] if len(standing) > 1 else None


def rewind(
    values: Mapping[str, object], befores: Iterable[Mapping[str, object]]
) -> dict[str, object]:
    """The values before these changes, of which each tells what it replaced; the newest first."""
    then = dict(values)
    for before in befores:
        then |= before
    return then
