"""Why a change was not made, in types that a page and the API can answer."""

from collections.abc import Mapping

from prompts.domain.kinds import Direction
from prompts.models import PromptDraft

BaseVersions = Mapping[Direction, int | None]
# The universal slot has no direction.
CurrentVersions = Mapping[Direction | None, int | None]


class StaleBase(Exception):
    """Somebody else moved a slot after the editor had read it; nothing was changed."""

    def __init__(self, current: CurrentVersions) -> None:
        """Carry the versions in force now, by direction; None is an empty slot."""
        super().__init__("Somebody else published meanwhile.")
        self.current = dict(current)


class StaleDraft(Exception):
    """The same person saved other words meanwhile, in another window; nothing was changed."""

    def __init__(self, draft: PromptDraft | None) -> None:
        """Carry the draft as it is now; None when it was discarded or published."""
        super().__init__("The draft was changed in another window.")
        self.draft = draft


class StaleProfile(Exception):
    """Somebody else changed a caller's profile after the editor had read it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Somebody else changed this profile meanwhile.")


class StaleSettings(Exception):
    """Somebody else changed the settings after the person had read them; nothing was changed."""

    def __init__(self, newest: int) -> None:
        """Carry the number of the newest change."""
        super().__init__("Somebody else changed the settings meanwhile.")
        self.newest = newest


class NoProfile(Exception):
    """Nothing is known of a number, so there is nothing to erase."""


class NothingBefore(Exception):
    """The version in force is the first one, so there is none to go back to."""
