"""What a person must not overlook on the pages of a business."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.domain.kinds import Direction
from prompts.models import Business, PromptVersion
from prompts.selectors import waiting_shipped

from .checklist import empty_slots
from .rights import may_publish_platform, person
from .window import look


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence across the page; ``level`` is a class of the stylesheet."""

    level: str
    sentence: str
    url: str = ""
    link: str = ""


def business_banners(request: HttpRequest, business: Business) -> list[Banner]:
    """Everything about a business that keeps callers from its agent, and what waits."""
    return [*_empty(business), *_silent(business), *shipped_banners(request)]


def shipped_banners(request: HttpRequest) -> list[Banner]:
    """For superusers: an upgrade brought texts that nobody has published; the way to them."""
    waiting = waiting_shipped() if person(request).is_superuser else []
    if not waiting:
        return []
    sentence = ngettext(
        "A new platform prompt came with an upgrade and waits to be published.",
        "%(count)d new platform prompts came with an upgrade and wait to be published.",
        len(waiting),
    ) % {"count": len(waiting)}
    if len(waiting) > 1:
        return [
            Banner("note", sentence, reverse("admin:prompts_platform_changelist"), _("See them"))
        ]
    url = waiting_url(request, waiting[0])
    return [Banner("note", sentence, url, _("Compare it with what is live"))]


def waiting_url(request: HttpRequest, version: PromptVersion) -> str:
    """Where a text that waits is compared with the live one, and goes on to be published."""
    slot = version.prompt
    if may_publish_platform(request):
        return reverse("admin:prompts_platform_restore", args=[slot.direction, version.number])
    page = reverse("admin:prompts_promptversion_text", args=[version.pk])
    return f"{page}#compare"


def _empty(business: Business) -> Iterator[Banner]:
    for direction, sentence in empty_slots(business, look()).items():
        url = reverse("admin:prompts_business_prompt", args=[business.pk, direction.value])
        yield Banner("wrong", sentence, url, _("Write it"))


def _silent(business: Business) -> Iterator[Banner]:
    if not business.is_active:
        yield Banner(
            "wrong", _("This business is switched off: new calls hear the fallback words.")
        )
    elif business.settings.paused:
        yield Banner(
            "wrong",
            _("The agent is paused: new calls hear the fallback words."),
            reverse("admin:prompts_business_resume", args=[business.pk]),
            _("Resume the agent"),
        )


def direction_title(direction: Direction) -> str:
    """The words that staff use for a direction."""
    if direction is Direction.INBOUND:
        return _("Customers call us")
    return _("We call customers")
