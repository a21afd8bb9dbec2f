"""The page that answers what was live at a moment, who had put it there, and what it touched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts import past
from prompts.admin import rights
from prompts.admin.audit.filters import LocalTime
from prompts.admin.audit.words import THINGS, slot_name
from prompts.admin.banners import direction_title
from prompts.admin.differences import in_words
from prompts.admin.pages.page import show, way_to
from prompts.admin.pages.versions import version_url
from prompts.admin.window import look
from prompts.domain.difference import Block, compare, fold
from prompts.domain.kinds import Direction
from prompts.domain.moments import Doubt, Moment, resolve
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Business, Prompt, PromptVersion, Release
from prompts.past import Standing, Values
from prompts.sentences import Sentence


class MomentForm(forms.Form):
    """A time in the zone of the business."""

    at = LocalTime(label=gettext_lazy("Time"), required=False)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Change:
    """The way from one version to another."""

    title: str
    greeting_blocks: tuple[Block, ...]
    text_blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """What new calls of one direction were spoken under."""

    title: str
    standing: Standing
    text_url: str
    calls_url: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """What the platform added to these calls."""

    name: str
    standing: Standing
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One group of settings in words."""

    title: str
    values: list[tuple[str, str]]
    last: AuditEntry | None
    following: AuditEntry | None


def moment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything as it stood; without a time, as it stands now."""
    business = rights.find_business(request, pk, Right.READ)
    form = MomentForm(request.GET)
    found = _found(form, business)
    return show(
        request,
        "admin/prompts/moment.html",
        title=Sentence.of(_("What was live at %(business)s"), business=business.name),
        crumbs=way_to(business),
        business=business,
        form=form,
        found=found,
        sentence=_doubt(form, found, business) if found else "",
        again_url=_again_url(form, found),
        may_audit=rights.may(request, business, Right.READ_AUDIT),
        may_read_calls=rights.may(request, business, Right.READ_CALLS),
        **(_shown(request, business, found.at) if found else {}),
    )


def _found(form: MomentForm, business: Business) -> Moment | None:
    """The moment that is asked for; None when nobody can tell which."""
    if not form.is_valid():
        return None
    typed: datetime | None = form.cleaned_data["at"]
    if typed is None:
        return Moment(timezone.now(), Doubt.NONE)
    return resolve(typed, ZoneInfo(business.time_zone), again=form.cleaned_data["again"])


def _doubt(form: MomentForm, found: Moment, business: Business) -> str:
    """What a person must know of the time that was typed."""
    local = date_format(timezone.localtime(found.at, ZoneInfo(business.time_zone)), "TIME_FORMAT")
    if found.doubt is Doubt.SKIPPED:
        return _(
            "The clocks went forward that night and this time never was. What is shown is "
            "what was live at %(time)s."
        ) % {"time": local}
    if found.doubt is Doubt.TWICE and form.cleaned_data["again"]:
        return _("The clocks went back that night: this is the second time it was %(time)s.") % {
            "time": local
        }
    if found.doubt is Doubt.TWICE:
        return _("The clocks went back that night: this is the first time it was %(time)s.") % {
            "time": local
        }
    if found.at > timezone.now():
        return _("This lies in the future. What is shown is live now.")
    if found.at < past.began_at(business):
        return _("The business was not here yet.")
    return ""


def _again_url(form: MomentForm, found: Moment | None) -> str:
    """The address of the other of two moments that the clocks showed alike."""
    if found is None or found.doubt is not Doubt.TWICE:
        return ""
    again = "" if form.cleaned_data["again"] else "&again=on"
    return f"?at={form.cleaned_data['at']:%Y-%m-%dT%H:%M:%S}{again}"


def _shown(request: HttpRequest, business: Business, at: datetime) -> dict[str, object]:
    """All that stood at a moment."""
    may_read_calls = rights.may(request, business, Right.READ_CALLS)
    return {
        "at": at,
        "directions": [
            _live(business, direction, standing)
            for direction, standing in past.prompts_at(business, at).items()
        ],
        "platform": [_common(slot, standing) for slot, standing in past.platform_at(at)],
        "may_read_platform": rights.may(request, None, Right.READ),
        "groups": [_group(values) for values in past.settings_at(business, at)],
        "calls": look().calls_at(business.pk, at) if may_read_calls else (),
    }


def _live(business: Business, direction: Direction, standing: Standing) -> Live:
    release = standing.release
    version = release.to_version if release else None
    return Live(
        title=direction_title(direction),
        standing=standing,
        text_url=version_url(version.pk) if version else "",
        calls_url=look().calls_under(business.pk, direction, version.number) if version else "",
        changes=tuple(_changes(release, standing.following)),
    )


def _common(slot: Prompt, standing: Standing) -> Common:
    changes = tuple(_changes(standing.release, standing.following))
    return Common(slot_name(slot), standing, changes)


def _changes(release: Release | None, following: Release | None) -> Iterator[Change]:
    """What changed when it became live, and what changed when it went."""
    if release is not None and release.from_version is not None:
        yield _change(release.from_version, release.to_version)
    if release is not None and following is not None:
        yield _change(release.to_version, following.to_version)


def _change(old: PromptVersion, new: PromptVersion) -> Change:
    title = _("What changed from v%(old)d to v%(new)d") % {"old": old.number, "new": new.number}
    return Change(
        title,
        tuple(compare(old.greeting, new.greeting)),
        tuple(fold(compare(old.text, new.text))),
    )


def _group(group: Values) -> Group:
    """The values of a group, with the names that their forms give them."""
    values = in_words(group.object_type, group.values)
    return Group(str(THINGS[group.object_type]), values, group.last, group.following)
