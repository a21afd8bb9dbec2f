"""The life of a call as a table: which phase may follow which."""

from enum import Enum

from calls.domain.errors import UnexpectedEvent


class Phase(Enum):
    """Where a call stands, from the accepted socket to its end."""

    CONNECTING = "connecting"  # the model's socket is being opened
    CONFIGURING = "configuring"  # our words were sent, their echo is awaited
    GREETING = "greeting"  # the greeting was asked for and has not begun
    TALKING = "talking"
    CLOSING = "closing"  # the goodbye is on its way or being heard
    ENDED = "ended"


MOVES: dict[Phase, frozenset[Phase]] = {
    Phase.CONNECTING: frozenset({Phase.CONFIGURING, Phase.ENDED}),
    Phase.CONFIGURING: frozenset({Phase.GREETING, Phase.ENDED}),
    Phase.GREETING: frozenset({Phase.TALKING, Phase.ENDED}),
    Phase.TALKING: frozenset({Phase.CLOSING, Phase.ENDED}),
    Phase.CLOSING: frozenset({Phase.TALKING, Phase.ENDED}),
    Phase.ENDED: frozenset(),
}


def move(current: Phase, following: Phase) -> Phase:
    """The next phase; raises UnexpectedEvent where the table has no such move."""
    if following not in MOVES[current]:
        raise UnexpectedEvent(f"A call cannot go from {current.value} to {following.value}.")
    return following
