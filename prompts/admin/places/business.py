"""A business's own prompt, for the calls of one direction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import Banner, business_banners, direction_title
from prompts.admin.pages.page import Crumb, way_to
from prompts.domain.kinds import Direction, Layer
from prompts.domain.lint import Ground
from prompts.domain.roles import Right
from prompts.models import Business
from prompts.sentences import Sentence

from .place import Calls, Place, Tab, page_url


@dataclass(frozen=True, slots=True)
class AtBusiness(Place):
    """What one business tells its agent for one direction."""

    has_greeting: ClassVar[bool] = True

    business: Business
    direction: Direction

    @property
    def key(self) -> str:
        """The business's id, and the direction."""
        return f"{self.business.pk}/{self.direction}"

    @property
    def title(self) -> str:
        """Both directions stand under one title."""
        return Sentence.of(_("Prompts of %(business)s"), business=self.business.name)

    @property
    def name(self) -> str:
        """The direction."""
        return direction_title(self.direction)

    @property
    def layer(self) -> Layer:
        """What staff write."""
        return Layer.BUSINESS

    @property
    def language(self) -> str:
        """The business's."""
        return self.business.language

    @property
    def calls(self) -> Calls:
        """Its own."""
        return Calls(self.business, self.direction)

    @property
    def placeholders(self) -> Mapping[str, str]:
        """The business's own values."""
        return self.business.placeholders

    def ground(self, other_text: str) -> Ground:
        """The business's values and language."""
        return Ground(self.placeholders, language=self.language, other_text=other_text)

    def businesses(self) -> int:
        """No other."""
        return 1

    def address(self, page: str = "prompt", *more: object) -> str:
        """A page of the business."""
        return page_url("business", page, self.business.pk, self.direction.value, *more)

    def way(self) -> list[Crumb]:
        """By the page of the business."""
        return way_to(self.business)

    def tabs(self) -> Iterator[Tab]:
        """The two directions."""
        for one in Direction:
            url = page_url("business", "prompt", self.business.pk, one.value)
            yield Tab(direction_title(one), one.value, url, one is self.direction)

    def may(self, request: HttpRequest, right: Right) -> bool:
        """As the roles in the business say."""
        return rights.may(request, self.business, right)

    def require(self, request: HttpRequest, right: Right) -> None:
        """With the name of the role that is missing."""
        rights.require(request, self.business, right)

    def banners(self, request: HttpRequest) -> Sequence[Banner]:
        """What keeps callers from the agent."""
        return business_banners(request, self.business)
