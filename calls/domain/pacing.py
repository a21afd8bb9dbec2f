"""How changes of the words are spaced: one by itself leaves at once, a burst as few updates.

Each update costs the model its memory of the prompt. Whoever saves ten times in two seconds wants
the last text spoken, so of a burst the first leaves at once and the newest when it is quiet. Two
updates are never closer than 0.9 seconds, and a third waits until the first is two seconds old,
unless that would hold the newest words for longer than 0.9 seconds.
"""

QUIET = 0.4  # seconds without another change, after which a burst is over
APART = 0.9  # seconds from one update to the next, and the most that the newest words wait
SPAN = 2.0  # seconds in which no third update is to leave
MARGIN = 0.05  # seconds: what comes as the span ends is still within it
LONGEST_HOLD = 1.2  # seconds that a call goes without any change of a burst that does not end


class Burst:
    """The changes that come close after each other, and until when the newest is held."""

    def __init__(self) -> None:
        self.holds_until: float | None = None
        self._began = 0.0  # when the first of those that are held came
        self._left = float("-inf"), float("-inf")  # when the last two updates left

    def changed(self, now: float) -> None:
        """A change came that has to be sent."""
        last_but_one, last = self._left
        apart, span = last + APART, last_but_one + SPAN
        if self.holds_until is None:
            self._began = now
            if now >= max(apart, span):
                return
        quiet = max(now + QUIET, apart, span + MARGIN)
        self.holds_until = min(quiet, now + APART, self._began + LONGEST_HOLD)

    def left(self, now: float) -> None:
        """An update left."""
        self._left = self._left[1], now

    def time_passed(self, now: float) -> None:
        """Let go what was held long enough."""
        if self.holds_until is not None and now >= self.holds_until:
            self.holds_until = None

    def let_go(self) -> None:
        """Somebody waits for the newest words: hold nothing."""
        self.holds_until = None
