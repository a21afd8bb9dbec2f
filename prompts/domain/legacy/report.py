"""What an import did, or would do, as plain values for a person and for a script."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from prompts.domain.kinds import Channel, Direction

from .fallbacks import LivedOn
from .faults import Fault
from .records import Dropped

LIVED = {
    LivedOn.OWN_TEXT: "Its own text cannot be published as it is.",
    LivedOn.WHATSAPP: "It lived on a text for WhatsApp, which is not offered for calls.",
    LivedOn.OTHER_DIRECTION: "It lived on the text of the other direction.",
    LivedOn.SYSTEM_PROMPT: "It lived on system_prompt.",
    LivedOn.BUILT_IN: "It lived on the built-in text of the old system.",
    LivedOn.UNKNOWN: "The file brings no prompt for it.",
}


class Outcome(StrEnum):
    """What became of one text."""

    PUBLISHED = "published"
    IN_FORCE = "in_force"  # these very words were live already
    OFFERED = "offered"  # as a draft for whoever takes it up
    WAITING = "waiting"  # which it does already
    STORED = "stored"  # for WhatsApp, which calls never read
    PRESENT = "present"  # these words were here before, and are not live


@dataclass(frozen=True, slots=True)
class Placed:
    """One text of the old system in its slot."""

    direction: Direction
    channel: Channel
    outcome: Outcome
    version: int | None  # None for a draft
    field: str
    origin: str
    remarks: tuple[str, ...]  # what keeps it from being published, and what to look at


@dataclass(frozen=True, slots=True)
class Imported:
    """All that was done for one business."""

    row: int
    business_id: int
    business: str
    placed: tuple[Placed, ...]
    empty: tuple[Direction, ...]  # whose calls would go unanswered
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A direction of a business whose calls the agent would not answer."""

    business_id: int
    business: str
    has_number: bool
    direction: Direction
    lived_on: LivedOn
    has_draft: bool  # the old text waits in the right slot

    @property
    def sentence(self) -> str:
        """What happened to these callers, and what to do."""
        todo = "Write a prompt and publish it."
        if self.has_draft:
            todo = "The old text waits there as a draft: review it and publish it."
        return f"Calls would not be answered by the agent. {LIVED[self.lived_on]} {todo}"


@dataclass(slots=True)
class Report:
    """The whole import; the businesses whose calls would go unanswered come first."""

    source: str
    dry_run: bool
    rows: int = 0
    unanswered: list[Unanswered] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    imported: list[Imported] = field(default_factory=list)

    @property
    def misses_a_prompt(self) -> bool:
        """Whether a business with a phone number has an empty slot that it needs."""
        return any(one.has_number for one in self.unanswered)

    def blame(self, faults: Iterable[Fault]) -> None:
        """Add faults."""
        self.faults.extend(faults)

    def as_data(self) -> dict[str, object]:
        """The same for a script."""
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "misses_a_prompt": self.misses_a_prompt,
            "unanswered": [asdict(one) | {"sentence": one.sentence} for one in self.unanswered],
            "faults": [asdict(one) for one in self.faults],
            "imported": [asdict(one) for one in self.imported],
        }
