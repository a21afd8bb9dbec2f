"""Composes what calls share once for all of them, and what each is configured with."""

from calls.domain.configuration import Configuration
from calls.tools import offered
from prompts.domain.kinds import Direction
from prompts.domain.layers import (
    Chosen,
    Instructions,
    Part,
    Shared,
    Started,
    Wording,
    choose,
    complete,
    share,
)


class Composer:
    """The texts of one reading, kept as long as its calls are served."""

    def __init__(self) -> None:
        self._shared: dict[tuple[Direction, Chosen], Shared] = {}
        self._for_start: dict[tuple[Direction, Started], Shared] = {}

    def instructions(self, wording: Wording, *, started: Started, context: Part) -> Instructions:
        """The words of one call; raises MissingPrompt for an empty slot."""
        shared = self._for_start.get((wording.direction, started))
        if shared is None:
            shared = self._for_start[wording.direction, started] = self._share(wording, started)
        return complete(shared, context)

    def _share(self, wording: Wording, started: Started) -> Shared:
        """Calls that began at different times get the same versions more often than not."""
        key = (wording.direction, choose(wording, started))
        if key not in self._shared:
            self._shared[key] = share(wording, started)
        return self._shared[key]


def configured(instructions: Instructions, wording: Wording, missing: str = "") -> Configuration:
    """The words of one call with the settings and the tools that go with them."""
    tools = offered(wording.fallback)
    return Configuration(instructions, wording.settings, missing, tools)
