"""How each answer of a call ended, told from the call's log: what is said first stands."""

from collections.abc import Mapping
from typing import Any

from calls.domain.responses import LOST

Facts = Mapping[str, Any]  # Any: what JSON can hold

FAILED: Facts = {"status": "failed", "usage": None}  # the model began an answer and left it at that
BROKEN: Facts = {"status": LOST, "usage": None}
GENERATING: Facts = {"status": "in_progress", "usage": None}


class Endings:
    """Told of each beginning and each end, in the order of the log."""

    def __init__(self) -> None:
        self._found: dict[str, Facts] = {}
        self._clear: set[str] = set()  # that ended by one word of the model, and by that alone
        self._active = ""

    def began(self, response: str) -> None:
        """The model generates an answer."""
        self._active = response

    def done(self, response: str, facts: Facts) -> None:
        """The model is through with it."""
        if response in self._found:
            self._clear.discard(response)
        else:
            self._clear.add(response)
        self._end(response, facts)

    def given_up(self, response: str) -> None:
        """Nobody waits for its end any more."""
        self._end(response, FAILED)

    def lost(self) -> None:
        """The session is gone, with the answer that was being generated."""
        if self._active:
            self._end(self._active, BROKEN)

    def of(self, response: str) -> Facts:
        """What the row of an answer has to say of its end."""
        return self._found.get(response, GENERATING)

    def is_clear(self, response: str) -> bool:
        """Whether rows of all times say it the same way."""
        return response in self._clear

    def _end(self, response: str, facts: Facts) -> None:
        if response == self._active:
            self._active = ""
        self._found.setdefault(response, facts)
