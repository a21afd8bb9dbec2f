"""The strip above every page of a prompt: what is live since when, and how the draft stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.admin.pages.page import Crumb, show
from prompts.admin.pages.versions import can_be_taken_back
from prompts.admin.places.place import Place
from prompts.domain.roles import Right
from prompts.selectors import newest_platform_release
from prompts.sentences import Sentence

from .bench import Bench, open_bench


def show_bench(
    request: HttpRequest, bench: Bench, template: str, *, title: str, **context: object
) -> TemplateResponse:
    """Render one of the pages of a prompt under its strip."""
    place, editor = bench.place, bench.place.address()
    crumbs = place.way()
    if template != "editor":
        crumbs.append(Crumb(place.name, editor))
    return show(
        request,
        f"admin/prompts/workspace/{template}.html",
        title=title,
        crumbs=crumbs,
        business=place.business,
        bench=bench,
        has_no_greeting=not place.has_greeting,
        pages=place.pages,
        text_direction=bench.text_direction,
        editor_url=editor,
        banners=place.banners(request),
        **strip(request, bench),
        **context,
    )


def strip(request: HttpRequest, bench: Bench) -> dict[str, object]:
    """What stands in the strip."""
    place = bench.place
    since = bench.release.created_at if bench.release else None
    platform = newest_platform_release(place.calls.direction) if place.calls else None
    return {
        "tabs": list(place.tabs()),
        "since": place.told(since) if since else "",
        "businesses": place.businesses(),
        "live_calls": place.live_calls(),
        "live_calls_url": place.live_calls_page() if place.may(request, Right.READ_CALLS) else "",
        "draft_state": draft_state(bench),
        "platform": platform if platform and since and platform.created_at > since else None,
        "platform_since": place.told(platform.created_at) if platform else "",
        "may_take_back": bench.may_publish and can_be_taken_back(bench.slot),
    }


def strip_alone(request: HttpRequest, place: Place) -> HttpResponse:
    """The strip, in which a script renews what is live and how many calls go on."""
    bench = open_bench(request, place, Right.READ)
    facts = {"bench": bench, "business": place.business, "pages": place.pages, "zone": place.zone}
    return render(request, "admin/prompts/workspace/strip.html", facts | strip(request, bench))


def draft_state(bench: Bench) -> str:
    """How much of a draft there is."""
    if bench.draft is None:
        return _("No draft")
    changes = bench.changes()
    if not changes:
        return _("Draft: no changes")
    sentence = ngettext("Draft: %(count)d change", "Draft: %(count)d changes", changes)
    return sentence % {"count": changes}


def saved(bench: Bench) -> str:
    """When the draft was saved last."""
    if bench.draft is None:
        return ""
    return Sentence.of(_("Saved %(time)s"), time=bench.place.told(bench.draft.saved_at))
