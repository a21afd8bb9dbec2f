"""The page of one change: what it did, how everything stood after it, and any difference."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from prompts import past
from prompts.admin import rights
from prompts.admin.differences import in_words
from prompts.admin.pages.page import Crumb, history_url, own_url, show, way_to
from prompts.admin.window import look
from prompts.domain.reach import Reach, reach_of
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Business, Revision
from prompts.services.restore import restorable

from .differences import NAMES, TITLES, Group, compared, rows_of
from .history import action_of, revision_urls

LONGEST_NUMBER = 9  # digits
NOW = "now"  # in the address, in place of a number


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states side by side; nothing differs where there are no groups."""

    title: str
    groups: list[Group]


def change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show the change with this number, and the state that it left."""
    business = rights.find_business(request, pk, Right.READ)
    entry = get_object_or_404(past.settings_changes(business), number=number)
    then, today = past.settings_after(business, entry.number, past.NOW)
    since = compared(then, today)
    asked = request.GET.get("with", "")
    return show(
        request,
        "admin/prompts/past_change.html",
        title=_("Change %(number)d: %(what)s") % {"number": entry.number, "what": action_of(entry)},
        crumbs=[*way_to(business), Crumb(_("History of the settings"), history_url(business))],
        business=business,
        entry=entry,
        since=since,
        comparison=_comparison(business, entry, asked),
        asked=asked,
        restore_url=_restore_url(request, business, entry, then, today),
        groups=[(str(TITLES[name]), in_words(kind, then[kind])) for name, kind in NAMES.items()],
        **_calls(business, entry),
    )


def _restore_url(
    request: HttpRequest, business: Business, entry: AuditEntry, then: past.State, today: past.State
) -> str:
    """Where the state comes back, for whoever may change it and while there is anything to do."""
    if not rights.may(request, business, Right.CHANGE_SETTINGS):
        return ""
    if not compared(restorable(then), restorable(today)):
        return ""
    return own_url("restore_settings", business.pk, entry.number)


def _comparison(business: Business, entry: AuditEntry, asked: str) -> Comparison | None:
    """The change itself, or the way to another state; None where there is no such change."""
    if not asked:
        return Comparison(_("What this changed"), [Group("", "", rows_of(entry))])
    other = _number(business, asked)
    if other is None:
        return None
    first, last = sorted((entry.number, other))
    groups = compared(*past.settings_after(business, first, last))
    if last == past.NOW:
        return Comparison(_("What changed from change %(first)d to now") % {"first": first}, groups)
    title = _("What changed from change %(first)d to change %(last)d")
    return Comparison(title % {"first": first, "last": last}, groups)


def _number(business: Business, asked: str) -> int | None:
    """The change that a person asks for."""
    if asked == NOW:
        return past.NOW
    if not (asked.isascii() and asked.isdecimal()) or len(asked) > LONGEST_NUMBER:
        return None
    found = past.settings_changes(business).filter(number=int(asked)).first()
    return found.number if found else None


def _calls(business: Business, entry: AuditEntry) -> dict[str, object]:
    """Where it is told, call by call, what became of it, and that in one sentence."""
    url = revision_urls(business, [entry]).get(entry.number, "")
    if not url or not any(reach_of(row.field) is Reach.CONFIRMED for row in rows_of(entry)):
        return {"calls_url": url, "effect": ""}
    revision = Revision.objects.get(business=business, audit_number=entry.number)
    effect = look().effect_of_revision(revision)
    nobody = _("No call was in progress when this was saved.")
    return {"calls_url": url, "effect": effect.sentence if effect.calls else nobody}
