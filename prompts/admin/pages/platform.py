"""The prompts that stand in every business's calls, in one list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import waiting_url
from prompts.admin.places.finding import place_of
from prompts.admin.places.platform import platform_title
from prompts.admin.window import look
from prompts.domain.kinds import Direction
from prompts.models import Business, Prompt, PromptVersion, Release
from prompts.selectors import draft_in, release_in_force, slot_for_calls, waiting_shipped

from .page import home, show


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt: what is live there, what waits, and whether the person is writing."""

    title: str
    url: str
    release: Release | None
    since: str
    has_draft: bool
    waiting: PromptVersion | None
    waiting_url: str


def platform_list(request: HttpRequest) -> HttpResponse:
    """The three prompts, and how many calls stand under them."""
    rights.require_superuser(request)
    slots = filter(None, (slot_for_calls(None, one) for one in (None, *Direction)))
    waiting = {version.prompt_id: version for version in waiting_shipped()}
    return show(
        request,
        "admin/prompts/platform.html",
        title=_("Platform prompts"),
        crumbs=home(),
        rows=[_row(request, slot, waiting.get(slot.pk)) for slot in slots],
        businesses=Business.objects.count(),
        live=look().live_calls(None, None),
    )


def _row(request: HttpRequest, slot: Prompt, waiting: PromptVersion | None) -> Row:
    place, release = place_of(slot), release_in_force(slot)
    return Row(
        title=capfirst(platform_title(place.direction)),
        url=place.address(),
        release=release,
        since=place.told(release.created_at) if release else "",
        has_draft=draft_in(slot, rights.person(request)) is not None,
        waiting=waiting,
        waiting_url=waiting_url(request, waiting) if waiting else "",
    )
