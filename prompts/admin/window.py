"""The place where pages of the words show something of calls; the application of calls fills it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from prompts.domain.kinds import Direction
from prompts.models import Release, Revision


@dataclass(frozen=True, slots=True)
class Refused:
    """One webhook that was turned away, and why."""

    at: datetime
    path: str
    cause: str


class Mark(StrEnum):
    """How a call took a change; each is a class of the stylesheet."""

    GOOD = "answers"
    WAITS = "paused"
    WRONG = "empty"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Proof:
    """The inner words of a receipt, which support and operators read."""

    result: str
    route: str
    revision: int
    committed_at: datetime | None
    received_at: datetime | None
    sent_at: datetime | None
    acknowledged_at: datetime | None
    hash_sent: str
    hash_echoed: str
    detail: str


@dataclass(frozen=True, slots=True)
class CallEffect:
    """What became of a change in one call that was going on when it was made."""

    began_at: datetime
    business: str
    url: str
    mark: Mark
    sentence: str
    milliseconds: int | None = None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of a change, in a sentence and call by call; nothing more comes when final."""

    sentence: str
    is_final: bool
    calls: Sequence[CallEffect] = ()


@dataclass(frozen=True, slots=True)
class CallThen:
    """A call that went on at a moment, and the version that it stood under then."""

    url: str
    started_at: datetime
    direction_title: str
    version: int | None
    ending: str  # a sentence; empty while it goes on


class Window(Protocol):
    """What a page asks about the calls of a business."""

    def live_calls(self, business_id: int | None, direction: Direction | None) -> int:
        """How many calls go on; None stands for every business, or for both directions."""

    def webhook_address(self, business_id: int, direction: Direction) -> str:
        """The address to enter at Twilio."""

    def status_address(self) -> str:
        """The address at which Twilio tells how each call ended."""

    def last_webhook_at(self, business_id: int) -> datetime | None:
        """When a webhook of the business was last accepted."""

    def refusals(self, business_id: int) -> Sequence[Refused]:
        """The last refused webhooks, the newest first."""

    def last_call_at(self, business_id: int, direction: Direction) -> datetime | None:
        """When the newest call in this direction came."""

    def calls_page(self, business_id: int) -> str:
        """The address of the page that lists the calls of the business."""

    def live_calls_page(self, business_id: int | None, direction: Direction | None) -> str:
        """The address of the page that lists the calls that go on, of all where it says None."""

    def effect_of_release(self, release: Release) -> Effect:
        """What became of a release, which comes with its slot, in the calls of its direction."""

    def calls_served(
        self, business_id: int, direction: Direction, versions: Collection[int]
    ) -> Mapping[int, int]:
        """How many calls began under each of these version numbers, where any did."""

    def spoken_page(self, version_id: int) -> str:
        """The address of the page of all that was spoken under a version."""

    def effect_of_revision(self, revision: Revision) -> Effect:
        """What became of a change that moved no prompt, in the calls of both directions."""

    def calls_at(self, business_id: int, at: datetime) -> Sequence[CallThen]:
        """The calls that went on at a moment, the newest first, at most a page of them."""

    def calls_under(self, business_id: int, direction: Direction, version: int) -> str:
        """The address of the list of calls that began or were answered under a version."""


class Shutters:
    """What is seen while nobody knows of calls: nothing."""

    def live_calls(self, business_id: int | None, direction: Direction | None) -> int:
        """No calls."""
        return 0

    def webhook_address(self, business_id: int, direction: Direction) -> str:
        """No address."""
        return ""

    def status_address(self) -> str:
        """No address."""
        return ""

    def last_webhook_at(self, business_id: int) -> datetime | None:
        """Never."""
        return None

    def refusals(self, business_id: int) -> Sequence[Refused]:
        """None were refused."""
        return ()

    def last_call_at(self, business_id: int, direction: Direction) -> datetime | None:
        """Nobody called."""
        return None

    def calls_page(self, business_id: int) -> str:
        """No page."""
        return ""

    def live_calls_page(self, business_id: int | None, direction: Direction | None) -> str:
        """No page."""
        return ""

    def effect_of_release(self, release: Release) -> Effect:
        """Nothing to say."""
        return Effect("", is_final=True)

    def calls_served(
        self, business_id: int, direction: Direction, versions: Collection[int]
    ) -> Mapping[int, int]:
        """No calls."""
        return {}

    def spoken_page(self, version_id: int) -> str:
        """No page."""
        return ""

    def calls_at(self, business_id: int, at: datetime) -> Sequence[CallThen]:
        """No calls."""
        return ()

    def calls_under(self, business_id: int, direction: Direction, version: int) -> str:
        """No page."""
        return ""

    def effect_of_revision(self, revision: Revision) -> Effect:
        """Nothing to say."""
        return Effect("", is_final=True)


_open: list[Window] = [Shutters()]


def offer(window: Window) -> None:
    """Look through ``window`` from now on."""
    _open[:] = [window]


def look() -> Window:
    """The window in use."""
    return _open[0]
