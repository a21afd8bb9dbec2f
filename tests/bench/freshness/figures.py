"""What was measured, and what follows from it."""

import math
from dataclasses import dataclass, field
from statistics import median

from tests.bench.figures import LATE_NS, percentile, ratio_of_medians
from tests.bench.freshness.sound import Window
from tests.bench.freshness.spread import Publish

LATE_MS = LATE_NS / 1e6


@dataclass(frozen=True, slots=True)
class Spread:
    """How one publish after the other reached so many calls.

    From the commit: as soon as the process that publishes knows of it. To the wire: the update
    has been read by the other end of the socket. Both are of one machine's clock.
    """

    calls: int
    publishes: list[Publish]
    committed: dict[int, int]  # nanoseconds, by revision
    made: dict[int, int]  # the same, as the revision and the receipts say it

    @property
    def valid(self) -> list[Publish]:
        """Those for which the load itself was on time."""
        return [one for one in self.publishes if one.calls and one.late_ms < LATE_MS]

    @property
    def missing(self) -> int:
        """Updates that did not come, whether the load was late or not."""
        return sum(self.calls - one.calls for one in self.publishes)

    @property
    def last(self) -> list[float]:
        """Milliseconds from each commit to the update of the last call."""
        return [(one.last - self.committed[one.revision]) / 1e6 for one in self.valid]

    @property
    def first(self) -> list[float]:
        """The same to the update of the first call."""
        return [(one.first - self.committed[one.revision]) / 1e6 for one in self.valid]

    @property
    def last_by_receipt(self) -> list[float]:
        """To the last from the time that receipts carry, some milliseconds before the commit."""
        return [(one.last - self.made[one.revision]) / 1e6 for one in self.valid]


@dataclass(slots=True)
class Found:
    """Everything that was measured."""

    one: Spread | None = None
    both: Spread | None = None
    sound_calls: int = 0
    windows: list[Window] = field(default_factory=list)  # without and with publishes, in turn
    reconciles: dict[str, list[float]] = field(default_factory=dict)  # ms, by database
    verified: int = 0  # calls
    verified_per_minute: float = math.nan
    faults: float = math.nan  # that were found in them
    notes: list[str] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[Window, Window]]:
        """The windows without and with publishes that followed each other, where both count."""
        both = zip(self.windows[::2], self.windows[1::2], strict=True)
        return [(calm, busy) for calm, busy in both if calm.is_valid and busy.is_valid]

    @property
    def sound_ratio(self) -> float:
        """The p99 of the sound with publishes against without."""
        calm, busy = [one.p99_ms for one, _ in self.pairs], [one.p99_ms for _, one in self.pairs]
        return ratio_of_medians(busy, calm)

    @property
    def missing(self) -> float:
        """Updates that did not come."""
        spreads = [one for one in (self.one, self.both) if one is not None]
        return sum(one.missing for one in spreads) if spreads else math.nan


def middle(spread: Spread | None) -> float:
    """The median time to the last call."""
    return median(spread.last) if spread and spread.valid else math.nan


def worst(spread: Spread | None) -> float:
    """Its p99."""
    return percentile(spread.last, 0.99) if spread else math.nan
