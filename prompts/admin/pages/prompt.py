"""Writing the prompt of a business for one direction, and publishing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import business_banners, direction_title
from prompts.admin.forms import PlatformPromptForm, PromptForm
from prompts.admin.window import look
from prompts.domain.kinds import Apply, Direction
from prompts.domain.roles import Right
from prompts.models import Business, Prompt
from prompts.selectors import newest_releases
from prompts.services.errors import StaleBase
from prompts.services.publish import Published, publish
from prompts.services.slots import Text

from .page import (
    Section,
    attempt,
    own_url,
    redirect_with,
    set_posted,
    show_form,
    way_to,
)
from .release import land_on, release_url
from .versions import can_be_taken_back, slot_of, version_page


def prompt(request: HttpRequest, pk: int, direction: Direction) -> HttpResponse:
    """Show what is live, take a new text, list the versions."""
    business = rights.find_business(request, pk, Right.READ)
    if request.method == "POST":
        rights.require(request, business, Right.PUBLISH)
    slot = slot_of(business, direction)
    form = PromptForm(request.POST or None, initial=_as_it_is(slot))
    published = _publish(request, form, business, direction)
    if published is not None:
        return _go_on(request, published, business, direction)
    return _show(request, form, business, direction)


def _as_it_is(slot: Prompt | None) -> dict[str, object]:
    """What the form shows first: the live text, and which version that is."""
    if slot is None or slot.current is None:
        return {}
    current = slot.current
    return {"text": current.text, "greeting": current.greeting, "base": current.number}


def _publish(
    request: HttpRequest, form: PromptForm, business: Business, direction: Direction
) -> Published | None:
    """Publish what was posted; None leaves everything typed on the form, with the reasons."""

    def act(values: dict[str, Any]) -> Published | None:
        try:
            return publish(
                business=business,
                texts={direction: Text(values["text"], values["greeting"])},
                base={direction: values["base"]},
                note=values["note"],
                actor=rights.person(request),
                apply=Apply(values["apply"]),
            )
        except StaleBase as stale:
            step_onto(form, stale.current[direction])
            return None

    names = {direction.value: "text", f"{direction.value}_greeting": "greeting"}
    return attempt(request, form, act, names)


def step_onto(form: PlatformPromptForm, current: int | None) -> None:
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


def _go_on(
    request: HttpRequest, published: Published, business: Business, direction: Direction
) -> HttpResponse:
    """To the release, which tells which calls get it."""
    if not published.changed:
        sentence = _("Nothing was published: these words are live already.")
        url = own_url("prompt", business.pk, direction.value)
        return redirect_with(request, sentence, url, messages.info)
    version = published.versions[direction]
    return land_on(version.releases.get(revision=published.revision))


def _show(
    request: HttpRequest, form: PromptForm, business: Business, direction: Direction
) -> HttpResponse:
    slot = slot_of(business, direction)
    release = newest_releases(business)[direction]
    may_publish = rights.may(request, business, Right.PUBLISH)
    for field in form.fields.values():
        field.disabled = not may_publish
    return show_form(
        request,
        form,
        _sections(may_publish=may_publish),
        title=_("Prompts of %(business)s") % {"business": business.name},
        crumbs=way_to(business),
        button=_("Publish") if may_publish else "",
        template="admin/prompts/prompt.html",
        business=business,
        direction=direction,
        subtitle=direction_title(direction),
        tabs=[_tab(business, one, direction) for one in Direction],
        banners=business_banners(request, business),
        release=release,
        release_url=release_url(release.pk) if release else "",
        live=look().live_calls(business.pk, direction),
        live_url=look().live_calls_page(business.pk, direction)
        if rights.may(request, business, Right.READ_CALLS)
        else "",
        slot=slot,
        versions=version_page(request, slot),
        may_take_back=may_publish and can_be_taken_back(slot),
        placeholders=business.placeholders.items(),
    )


def _tab(business: Business, direction: Direction, shown: Direction) -> dict[str, object]:
    """One of the two directions, as a link above the form."""
    return {
        "label": direction_title(direction),
        "small": direction.value,
        "url": own_url("prompt", business.pk, direction.value),
        "is_shown": direction is shown,
    }


def _sections(*, may_publish: bool) -> list[Section]:
    """What the agent says, then the act of publishing."""
    words: Section = (None, {"fields": ("greeting", "text")})
    publishing: Section = (_("Publish"), {"fields": ("note", "apply")})
    return [words, publishing] if may_publish else [words]
