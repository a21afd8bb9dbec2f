"""The prompts that stand in every business's calls."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import shipped_banners
from prompts.admin.forms import PlatformPromptForm
from prompts.admin.outcomes.release import land_on
from prompts.admin.window import look
from prompts.domain.kinds import Apply, Direction, Layer
from prompts.domain.placeholders import PLATFORM_NAMES
from prompts.models import Business, Prompt, PromptVersion
from prompts.selectors import unpublished_shipped
from prompts.services.errors import StaleBase
from prompts.services.platform import publish_platform

from .page import Crumb, Section, attempt, home, redirect_with, set_posted, show, show_form
from .versions import slot_title, version_page

SLOTS: Mapping[str, Direction | None] = {
    "universal": None,
    Direction.INBOUND.value: Direction.INBOUND,
    Direction.OUTBOUND.value: Direction.OUTBOUND,
}


def platform_list(request: HttpRequest) -> HttpResponse:
    """The three slots, what is live there and what waits."""
    rights.require_superuser(request)
    waiting = {version.prompt_id: version for version in unpublished_shipped()}
    slots = [
        {
            "title": slot_title(slot),
            "current": slot.current,
            "waiting": waiting.get(slot.pk),
            "url": slot_url(slot.direction or "universal"),
        }
        for slot in Prompt.objects.filter(business=None).select_related("current").order_by("pk")
    ]
    return show(
        request,
        "admin/prompts/platform.html",
        title=_("Platform prompts"),
        crumbs=home(),
        slots=slots,
        businesses=Business.objects.count(),
    )


def platform_prompt(request: HttpRequest, name: str) -> HttpResponse:
    """Show one slot and take a new text; a shipped one that waits can be filled in."""
    rights.require_superuser(request)
    if name not in SLOTS:
        raise Http404(_("There is no such platform prompt."))
    direction = SLOTS[name]
    slot = _slot(direction)
    waiting = unpublished_shipped().filter(prompt=slot).order_by("number").last()
    if request.method == "POST":
        rights.require_platform_publisher(request)
    form = PlatformPromptForm(request.POST or None, initial=_initial(request, slot, waiting))
    posted = _publish(request, form, name)
    if posted is not None:
        return posted
    return show_form(
        request,
        form,
        _sections(),
        title=slot_title(slot).capitalize() if slot else _("Platform prompt"),
        crumbs=[
            *home(),
            Crumb(_("Platform prompts"), reverse("admin:prompts_platform_changelist")),
        ],
        button=_("Publish to every business") if rights.may_publish_platform(request) else "",
        template="admin/prompts/platform_prompt.html",
        slot=slot,
        waiting=waiting,
        is_filled_in=waiting is not None and "shipped" in request.GET,
        versions=version_page(request, slot),
        businesses=Business.objects.count(),
        live=look().live_calls(None, direction),
        names=PLATFORM_NAMES,
        banners=[] if waiting else shipped_banners(request),
    )


def slot_url(name: str) -> str:
    """The page of one platform slot."""
    return reverse("admin:prompts_platform_prompt", args=[name])


def _slot(direction: Direction | None) -> Prompt | None:
    layer = Layer.CALL_TYPE if direction else Layer.UNIVERSAL
    return (
        Prompt.objects.select_related("current")
        .filter(business=None, layer=layer.value, direction=direction.value if direction else "")
        .first()
    )


def _initial(
    request: HttpRequest, slot: Prompt | None, waiting: PromptVersion | None
) -> dict[str, object]:
    """The live text, or the waiting one where the person asked for it."""
    current = slot.current if slot else None
    shown = waiting if waiting and "shipped" in request.GET else current
    return {
        "text": shown.text if shown else "",
        "base": current.number if current else None,
        "note": shown.note if shown is not None and shown is waiting else "",
    }


def _publish(request: HttpRequest, form: PlatformPromptForm, name: str) -> HttpResponse | None:
    """Publish what was posted and go on to the release; None leaves the reasons on the form."""
    direction = SLOTS[name]

    def act(values: dict[str, Any]) -> HttpResponse | None:
        try:
            version = publish_platform(
                direction=direction,
                text=values["text"],
                base=values["base"],
                note=values["note"],
                actor=rights.person(request),
                apply=Apply(values["apply"]),
            )
        except StaleBase as stale:
            _step_onto(form, stale.current[direction])
            return None
        if version is None:
            sentence = _("Nothing was published: these words are live already.")
            return redirect_with(request, sentence, slot_url(name), messages.info)
        return land_on(version.releases.latest("pk"))

    return attempt(request, form, act)


def _step_onto(form: PlatformPromptForm, current: int | None) -> None:
    """Keep what was typed, on top of the version that somebody else has published meanwhile."""
    set_posted(form, "base", current)
    form.add_error(
        "text",
        _(
            "Somebody else published v%(number)d meanwhile, so nothing was published now. "
            "Your text is still here. Compare it with v%(number)d in the list below: "
            "when you publish again, your text replaces v%(number)d."
        )
        % {"number": current or 0},
    )


def _sections() -> list[Section]:
    return [
        (None, {"fields": ("text",)}),
        (_("Publish"), {"fields": ("note", "apply")}),
    ]
