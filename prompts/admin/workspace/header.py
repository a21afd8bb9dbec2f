"""The strip above every page of a prompt: what is live since when, and how the draft stands."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prompts.admin import rights
from prompts.admin.banners import business_banners, direction_title
from prompts.admin.pages.page import Crumb, own_url, show, way_to
from prompts.admin.pages.versions import can_be_taken_back
from prompts.admin.window import look
from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.models import Business
from prompts.selectors import newest_platform_release

from .bench import Bench


def show_bench(
    request: HttpRequest, bench: Bench, template: str, *, title: str, **context: object
) -> TemplateResponse:
    """Render one of the pages of a prompt under its strip."""
    editor = address(bench)
    crumbs = way_to(bench.business)
    if template != "editor":
        crumbs.append(Crumb(direction_title(bench.direction), editor))
    return show(
        request,
        f"admin/prompts/workspace/{template}.html",
        title=title,
        crumbs=crumbs,
        business=bench.business,
        direction=bench.direction,
        bench=bench,
        text_direction=bench.text_direction,
        editor_url=editor,
        banners=business_banners(request, bench.business),
        **strip(request, bench),
        **context,
    )


def strip(request: HttpRequest, bench: Bench) -> dict[str, object]:
    """What stands in the strip."""
    window, pk = look(), bench.business.pk
    since = bench.release.created_at if bench.release else None
    platform = newest_platform_release(bench.direction)
    return {
        "tabs": [_tab(bench, one) for one in Direction],
        "since": told(since, bench.business) if since else "",
        "live_calls": window.live_calls(pk, bench.direction),
        "live_calls_url": window.live_calls_page(pk, bench.direction)
        if rights.may(request, bench.business, Right.READ_CALLS)
        else "",
        "draft_state": draft_state(bench),
        "platform": platform if platform and since and platform.created_at > since else None,
        "platform_since": told(platform.created_at, bench.business) if platform else "",
        "may_take_back": bench.may_publish and can_be_taken_back(bench.slot),
    }


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
    return _("Saved %(time)s") % {"time": told(bench.draft.saved_at, bench.business)}


def told(moment: datetime, business: Business) -> str:
    """A moment on the business's clock; the day only when it is another one."""
    zone = ZoneInfo(business.time_zone)
    local, today = moment.astimezone(zone), timezone.now().astimezone(zone).date()
    return date_format(local, "H:i" if local.date() == today else "j M Y, H:i")


def address(bench: Bench, page: str = "prompt", *more: object) -> str:
    """One of the pages of this prompt."""
    return own_url(page, bench.business.pk, bench.direction.value, *more)


def _tab(bench: Bench, direction: Direction) -> dict[str, object]:
    """One of the two directions, as a link."""
    return {
        "label": direction_title(direction),
        "small": direction.value,
        "url": own_url("prompt", bench.business.pk, direction.value),
        "is_shown": direction is bench.direction,
    }
