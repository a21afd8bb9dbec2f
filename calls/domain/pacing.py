"""How changes of the words are spaced: one by itself leaves at once, a burst as few updates.

Each update costs the model its memory of the prompt. Whoever saves ten times in two seconds wants
the last text spoken, so of a burst the first leaves at once and the newest when it is quiet.
"""

QUIET = 0.4  # seconds without another change, after which a burst is over
LONGEST_HOLD = 1.2  # seconds that a call goes without any change of a burst that does not end


class Burst:
    """The changes that come close after each other, and until when the newest is held."""

    def __init__(self) -> None:
        self.holds_until: float | None = None
        self._began = 0.0  # when the first of those that are held came
        self._newest = float("-inf")

    def changed(self, now: float) -> None:
        """A change came that has to be sent."""
        if self.holds_until is not None:
            self.holds_until = min(now + QUIET, self._began + LONGEST_HOLD)
        elif now < self._newest + QUIET:
            self._began, self.holds_until = now, now + QUIET
        self._newest = now

    def time_passed(self, now: float) -> None:
        """Let go what was held long enough."""
        if self.holds_until is not None and now >= self.holds_until:
            self.holds_until = None

    def let_go(self) -> None:
        """Somebody waits for the newest words: hold nothing."""
        self.holds_until = None
