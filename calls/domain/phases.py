"""The life of a call as a table: which phase may follow which."""

from enum import Enum

from calls.domain.errors import UnexpectedEvent


class Phase(Enum):
    """Where a call stands, from the accepted socket to its end."""

    CONNECTING = "connecting"  # the model's socket is being opened
    CONFIGURING = "configuring"  # our words were sent, their echo is awaited
    GREETING = "greeting"  # the greeting was asked for and has not begun
    TALKING = "talking"
    RECONNECTING = "reconnecting"  # the model was lost in the conversation, a socket is opened
    RESTORING = "restoring"  # our words were sent to a new session, their echo is awaited
    CLOSING = "closing"  # the goodbye is on its way or being heard
    PARTING = "parting"  # the model was lost; what there is of the goodbye is being heard
    ENDED = "ended"


MOVES: dict[Phase, frozenset[Phase]] = {
    Phase.CONNECTING: frozenset({Phase.CONFIGURING, Phase.ENDED}),
    Phase.CONFIGURING: frozenset({Phase.GREETING, Phase.CONNECTING, Phase.ENDED}),
    Phase.GREETING: frozenset({Phase.TALKING, Phase.CONNECTING, Phase.ENDED}),
    # Back to the opening where the greeting began and made no sound.
    Phase.TALKING: frozenset({Phase.CLOSING, Phase.RECONNECTING, Phase.CONNECTING, Phase.ENDED}),
    Phase.RECONNECTING: frozenset({Phase.RESTORING, Phase.ENDED}),
    Phase.RESTORING: frozenset({Phase.TALKING, Phase.RECONNECTING, Phase.ENDED}),
    Phase.CLOSING: frozenset({Phase.TALKING, Phase.PARTING, Phase.ENDED}),
    Phase.PARTING: frozenset({Phase.ENDED}),
    Phase.ENDED: frozenset(),
}
WITHOUT_MODEL = frozenset({Phase.CONNECTING, Phase.RECONNECTING, Phase.PARTING, Phase.ENDED})
# Nobody may speak before the right words are confirmed.
UNCONFIRMED = frozenset({Phase.CONNECTING, Phase.CONFIGURING, Phase.RECONNECTING, Phase.RESTORING})


def move(current: Phase, following: Phase) -> Phase:
    """The next phase; raises UnexpectedEvent where the table has no such move."""
    if following not in MOVES[current]:
        raise UnexpectedEvent(f"A call cannot go from {current.value} to {following.value}.")
    return following
