"""What the pages of a prompt ask about the place where it stands."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from prompts.admin.banners import Banner
from prompts.admin.pages.page import Crumb, zone_of
from prompts.admin.window import look
from prompts.domain.kinds import Direction, Layer
from prompts.domain.lint import Ground
from prompts.domain.roles import Right
from prompts.models import Business

# The pages that need no more than the place.
PAGES = ("prompt", "autosave", "preview", "review", "conflict", "discard", "take_back", "strip")


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the prompts that stand beside each other, as a link."""

    label: str
    small: str
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one business in one direction."""

    business: Business
    direction: Direction


class Place(ABC):
    """One prompt for calls: whose it is, where its pages are, and who may do what there."""

    has_greeting: ClassVar[bool]  # whether a first sentence belongs to the words

    business: Business | None
    direction: Direction | None

    @property
    @abstractmethod
    def key(self) -> str:
        """A name for what a browser keeps of this place."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What the page says on which it is written."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The same in a word or two, where the way to the place is known."""

    @property
    @abstractmethod
    def layer(self) -> Layer:
        """In which part of the instructions its text stands."""

    @property
    @abstractmethod
    def language(self) -> str:
        """In which its calls begin; empty where they begin in many."""

    @property
    @abstractmethod
    def calls(self) -> Calls | None:
        """All that stand under its words; None where those are the calls of many businesses."""

    @property
    @abstractmethod
    def placeholders(self) -> Mapping[str, str]:
        """The names that the text may use, and what callers hear for each."""

    @abstractmethod
    def ground(self, other_text: str) -> Ground:
        """What the text is judged by; the other direction has ``other_text``."""

    @abstractmethod
    def businesses(self) -> int:
        """How many businesses' calls are told."""

    @abstractmethod
    def address(self, page: str = "prompt", *more: object) -> str:
        """One of the pages."""

    @abstractmethod
    def way(self) -> list[Crumb]:
        """The way to it, without itself."""

    @abstractmethod
    def tabs(self) -> Iterator[Tab]:
        """The place and those beside it."""

    @abstractmethod
    def may(self, request: HttpRequest, right: Right) -> bool:
        """Whether the person has a right here."""

    @abstractmethod
    def require(self, request: HttpRequest, right: Right) -> None:
        """Refuse whoever has not."""

    @abstractmethod
    def banners(self, request: HttpRequest) -> Sequence[Banner]:
        """What everybody must know who comes here."""

    @property
    def pages(self) -> Mapping[str, str]:
        """The addresses that templates name."""
        return {page: self.address(page) for page in PAGES}

    @property
    def opposite(self) -> Direction | None:
        """The other direction; none for what stands in every call."""
        return next((one for one in Direction if self.direction and one != self.direction), None)

    @property
    def zone(self) -> str:
        """The zone in which its pages tell times."""
        return zone_of(self.business)

    def live_calls(self) -> int:
        """How many calls go on that stand under its words."""
        return look().live_calls(self._business_id, self.direction)

    def live_calls_page(self) -> str:
        """The list of these calls."""
        return look().live_calls_page(self._business_id, self.direction)

    def told(self, moment: datetime) -> str:
        """A moment on the clock of the place; the day only when it is another one."""
        zone = ZoneInfo(self.zone)
        local, today = moment.astimezone(zone), timezone.now().astimezone(zone).date()
        return date_format(local, "H:i" if local.date() == today else "j M Y, H:i")

    @property
    def _business_id(self) -> int | None:
        return self.business.pk if self.business else None


def page_url(kind: str, page: str, *arguments: object) -> str:
    """The address of a page of one kind of place."""
    return reverse(f"admin:prompts_{kind}_{page}", args=arguments)
