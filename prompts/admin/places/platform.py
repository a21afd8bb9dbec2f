"""A prompt of the platform, which stands in the calls of every business."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import Banner, direction_title, shipped_banners
from prompts.admin.pages.page import Crumb, home
from prompts.domain.kinds import Direction, Layer
from prompts.domain.lint import PLATFORM_GROUND, Ground
from prompts.domain.roles import Right
from prompts.models import Business

from .place import Place, Tab, page_url

FOR_EVERY_CALL = "universal"  # in addresses, where others name their direction
WRITING = (Right.DRAFT, Right.PUBLISH)


@dataclass(frozen=True, slots=True)
class AtPlatform(Place):
    """What every call is told, or every call of one direction."""

    has_greeting: ClassVar[bool] = False

    direction: Direction | None
    business: None = field(default=None, init=False)

    @property
    def key(self) -> str:
        """No business has this name."""
        return f"platform/{self.direction or FOR_EVERY_CALL}"

    @property
    def title(self) -> str:
        """The prompt by its whole name."""
        return capfirst(platform_title(self.direction))

    @property
    def name(self) -> str:
        """For which calls it is."""
        return _call_title(self.direction)

    @property
    def layer(self) -> Layer:
        """The one that says who called whom, or the one above all."""
        return Layer.CALL_TYPE if self.direction else Layer.UNIVERSAL

    @property
    def language(self) -> str:
        """Its calls begin in every language."""
        return ""

    @property
    def calls(self) -> None:
        """They are of many businesses."""

    @property
    def placeholders(self) -> Mapping[str, str]:
        """What every business has."""
        return dict.fromkeys(PLATFORM_GROUND.allowed, _("the name of each business"))

    def ground(self, other_text: str) -> Ground:
        """What holds for every business."""
        return replace(PLATFORM_GROUND, other_text=other_text)

    def businesses(self) -> int:
        """All of them."""
        return Business.objects.count()

    def address(self, page: str = "prompt", *more: object) -> str:
        """A page of the platform."""
        return page_url("platform", page, self.direction, *more)

    def way(self) -> list[Crumb]:
        """By the list of the three."""
        return [
            *home(),
            Crumb(_("Platform prompts"), reverse("admin:prompts_platform_changelist")),
        ]

    def tabs(self) -> Iterator[Tab]:
        """The three of the platform."""
        for one in (None, *Direction):
            url = page_url("platform", "prompt", one)
            yield Tab(_call_title(one), one or "", url, one is self.direction)

    def may(self, request: HttpRequest, right: Right) -> bool:
        """Superusers read; to write and publish needs a permission of its own."""
        if right in WRITING:
            return rights.may_publish_platform(request)
        return rights.may(request, None, right)

    def require(self, request: HttpRequest, right: Right) -> None:
        """With the name of the permission that is missing."""
        if right in WRITING:
            rights.require_platform_publisher(request)
        rights.require_superuser(request)

    def banners(self, request: HttpRequest) -> Sequence[Banner]:
        """What waits, but on the page that it leads to."""
        return [one for one in shipped_banners(request) if one.url != request.path]


def platform_title(direction: Direction | None) -> str:
    """A prompt of the platform by its whole name, inside a sentence."""
    if direction is None:
        return _("the platform's prompt for every call")
    return _("the platform's prompt for “%(direction)s”") % {
        "direction": direction_title(direction)
    }


def _call_title(direction: Direction | None) -> str:
    return direction_title(direction) if direction else _("Every call")
