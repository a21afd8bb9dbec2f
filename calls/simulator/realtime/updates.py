"""How ``session.update`` is applied and confirmed, and the ways in which that can go wrong."""

import copy
import unicodedata
from collections import deque
from collections.abc import Callable

from calls.simulator.faults import Faults, applies
from calls.simulator.pace import Pace
from calls.simulator.realtime.client_events import Event
from calls.simulator.realtime.schema import Rejected
from calls.simulator.realtime.settings import Session

ALTERATION = "\n(Altered by the simulator.)"


class Updates:
    """Applies updates one after the other; a late one holds up those behind it."""

    def __init__(self, faults: Faults, pace: Pace, apply: Callable[[Event, str], None]) -> None:
        """``apply`` gets each update with the fault it is under, or ``ok``."""
        self._faults = faults
        self._pace = pace
        self._apply = apply
        self._waiting: deque[tuple[Event, str]] = deque()
        self._count = 0

    def take(self, event: Event) -> None:
        """Apply an update now, or when it is late, later."""
        self._count += 1
        faults = self._faults
        fault = faults.configured if applies(faults.updates, self._count) else "ok"
        if fault == "refused":
            raise Rejected(
                "invalid_value", "The simulator refuses this update.", "session.instructions"
            )
        if fault == "late" or self._waiting:
            self._waiting.append((event, fault))
            self._pace.later(faults.late_by, self._apply_next)
        else:
            self._apply(event, fault)

    def _apply_next(self) -> None:
        self._apply(*self._waiting.popleft())


def in_force(session: Session, fault: str) -> Session:
    """Return the session that an update really leads to."""
    if fault != "altered":
        return session
    return session | {"instructions": session["instructions"] + ALTERATION}


def shown(session: Session, fault: str, faults: Faults) -> Session:
    """Return the session as ``session.updated`` shows it."""
    echo = copy.deepcopy(session)
    if fault == "unseen":
        del echo["instructions"]
    if fault == "normalised":
        echo["instructions"] = normalised(echo["instructions"])
    output = echo["audio"]["output"]
    output["voice"] = faults.altered_voice or output["voice"]
    if faults.altered_format:
        output["format"] = {"type": faults.altered_format}
    return echo


def normalised(text: str) -> str:
    """Return the same text in another form: decomposed, other line ends, trailing spaces."""
    return unicodedata.normalize("NFD", text).replace("\n", " \r\n") + " "
