"""The versions of a slot: the list beside a prompt, and the page of one text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.admin.banners import direction_title
from prompts.admin.places.finding import place_of
from prompts.admin.places.platform import platform_title
from prompts.admin.window import look
from prompts.domain.difference import compare, fold
from prompts.domain.history import Move, version_before
from prompts.domain.kinds import Channel, Direction, Layer
from prompts.domain.roles import Right
from prompts.domain.scripts import writing_direction
from prompts.models import Prompt, PromptVersion, Release

from .page import Crumb, show

LONGEST_NUMBER = 9  # digits


def can_be_taken_back(slot: Prompt | None) -> bool:
    """Whether a version stands behind the live one; one query, however long the history."""
    moves = Release.objects.filter(prompt=slot).order_by("pk").values_list("to_version_id", "kind")
    steps = (Move(pk, kind == Release.Kind.TAKE_BACK) for pk, kind in moves)
    return version_before(steps) is not None


def version_url(pk: int) -> str:
    """The page of one version's text."""
    return reverse("admin:prompts_promptversion_text", args=[pk])


def version_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version as it was written, when it was live, and what differs from another."""
    version = get_object_or_404(
        PromptVersion.objects.select_related("prompt__business", "prompt__current", "base"), pk=pk
    )
    slot = version.prompt
    place_of(slot).require(request, Right.READ)
    return show(
        request,
        "admin/prompts/version.html",
        title=_("v%(number)d of %(slot)s") % {"number": version.number, "slot": slot_title(slot)},
        crumbs=way_to_slot(slot),
        version=version,
        business=slot.business,
        has_no_greeting=slot.business is None,
        is_live=slot.current_id == version.pk,
        releases=version.releases.order_by("pk"),
        restore_url=_restore_url(request, version),
        spoken_url=look().spoken_page(version.pk) if slot.business else "",
        text_direction=writing_direction(
            version.text, slot.business.language if slot.business else ""
        ),
        **_compared(request, version),
    )


def _restore_url(request: HttpRequest, version: PromptVersion) -> str:
    """Where a version that is not live is copied forward; empty where it cannot be."""
    slot, place = version.prompt, place_of(version.prompt)
    is_old = slot.channel == Channel.CALLS and version.pk != slot.current_id
    if not is_old or not place.may(request, Right.DRAFT):
        return ""
    return place.address("restore", version.number)


def _compared(request: HttpRequest, version: PromptVersion) -> dict[str, object]:
    """What came and went since the version that the address names, or the one it is based on.

    A version that waits is compared with the live one, whose place it would take.
    """
    named, slot = request.GET.get("with", ""), version.prompt
    before = version.base if version.releases.exists() else slot.current
    other = _named(slot, named) if named else before
    if other is None:
        return {"other": None, "is_missing": bool(named)}
    return {
        "other": other,
        "greeting_blocks": compare(other.greeting, version.greeting),
        "text_blocks": fold(compare(other.text, version.text)),
    }


def _named(slot: Prompt, number: str) -> PromptVersion | None:
    """The version that a person asks for by number."""
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return None
    return slot.versions.filter(number=int(number)).first()


def slot_title(slot: Prompt) -> str:
    """What staff call a slot."""
    direction = Direction(slot.direction) if slot.direction else None
    if slot.layer == Layer.BUSINESS and direction:
        return f"“{direction_title(direction)}”"
    return platform_title(direction)


def way_to_slot(slot: Prompt) -> list[Crumb]:
    """The way to the page of a slot, which comes with its business."""
    place = place_of(slot)
    return [*place.way(), Crumb(place.name, place.address())]
