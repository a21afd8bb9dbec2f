"""The arithmetic of the bench: from what was counted to a verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

FRAMES_PER_SECOND = 50  # each way
LATE_NS = 5_000_000  # a frame that leaves later than this is the generator's own fault
LATE_SHARE = 0.005  # more of those, and the window says nothing


@dataclass(frozen=True, slots=True)
class Window:
    """What one window of one server showed."""

    calls: int
    unplaced: int
    sent: int
    lost: int
    reordered: int
    damaged: int
    late_share: float
    cpu_us: float  # for each frame that was relayed, both directions
    p50_ms: float
    p99_ms: float
    webhook_ms: list[float] = field(default_factory=list)
    first_audio_ms: list[float] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether all calls were there and the generator itself was on time."""
        return not self.unplaced and self.sent > 0 and self.late_share < LATE_SHARE

    @property
    def core(self) -> float:
        """The share of its core that the server used; near 1 it was saturated."""
        return self.cpu_us * self.calls * 2 * FRAMES_PER_SECOND / 1_000_000

    @property
    def wrong_frames(self) -> int:
        """Frames that did not come back as they were sent, in their order."""
        return self.lost + self.reordered + self.damaged


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all values do not exceed."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median_ratio(values: Sequence[float], references: Sequence[float]) -> float:
    """The median of the ratios, round by round: what disturbs a round disturbs both sides."""
    ratios = [value / reference for value, reference in zip(values, references, strict=True)]
    return median(ratios) if ratios else math.nan


def ratio_of_medians(values: Sequence[float], references: Sequence[float]) -> float:
    """The ratio of the middle rounds: one neighbour's burst makes a high percentile of one side."""
    return median(values) / median(references) if values and references else math.nan


def verdict(value: float, goal: float) -> str:
    """One word; a figure that is missing is no success."""
    if math.isnan(value):
        return "not measured"
    return "met" if value <= goal else "missed"
