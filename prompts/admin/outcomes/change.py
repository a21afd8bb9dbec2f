"""The page of a change that moved no prompt: what it was, which calls get it, what became of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.admin import rights
from prompts.admin.differences import Row, difference
from prompts.admin.pages.page import business_url, redirect_with, show, way_to
from prompts.admin.window import look
from prompts.domain.reach import Reach, reach_of
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Business, Release, Revision
from prompts.requests import current_request

from .effects import answer, poll_url, shown
from .titles import release_url

PROMISES = {
    Reach.CONFIRMED: gettext_lazy(
        "Calls in progress get this now, and the voice service confirms it."
    ),
    Reach.AT_ONCE: gettext_lazy("This holds at once, in calls in progress too."),
    Reach.NEXT_CALL: gettext_lazy(
        "This waits for the next call; calls in progress go on as they are."
    ),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """The values that hold for the same calls."""

    sentence: str
    rows: list[Row]


def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a change of settings, hours or details."""
    revision, entry = _find(request, pk)
    business = entry.business
    assert business is not None  # noqa: S101 - the platform has no such values
    rows = _rows(entry)
    is_told = any(reach_of(row.field) is Reach.CONFIRMED for row in rows)
    context = shown(request, look().effect_of_revision(revision), business) if is_told else {}
    return show(
        request,
        "admin/prompts/outcomes/change.html",
        title=_title(entry),
        crumbs=way_to(business),
        business=business,
        entry=entry,
        revision=revision,
        groups=list(_groups(rows)),
        is_told=is_told,
        poll_url=poll_url(request, reverse("admin:prompts_revision_result", args=[pk])),
        may_see_revision=rights.may(request, business, Right.READ_CALLS),
        **context,
    )


def change_result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it alone, for the script that asks each second."""
    revision, entry = _find(request, pk)
    return answer(request, look().effect_of_revision(revision), entry.business)


def land_on_change(request: HttpRequest, business: Business) -> HttpResponse:
    """To the change that this request has made, or back where it made none."""
    entries = AuditEntry.objects.filter(business=business, request_id=current_request.get())
    revision = Revision.objects.filter(
        business=business, audit_number__in=entries.values("number")
    ).first()
    if revision is None:
        sentence = _("Nothing was changed: these values stand already.")
        return redirect_with(request, sentence, business_url(business), messages.info)
    return HttpResponseRedirect(reverse("admin:prompts_revision_page", args=[revision.pk]))


def outcome_url(entry: AuditEntry) -> str:
    """Where one reads what became of what an entry tells; empty where calls had no part in it."""
    if entry.object_type == "prompt":
        moved = Release.objects.filter(prompt=int(entry.object_id))
        release = moved.filter(revision=json.loads(entry.after).get("revision")).first()
        return release_url(release.pk) if release else ""
    if entry.object_type not in _titles():
        return ""
    made = Revision.objects.filter(business=entry.business_id, audit_number=entry.number)
    revision = made.first()
    return reverse("admin:prompts_revision_page", args=[revision.pk]) if revision else ""


def _find(request: HttpRequest, pk: int) -> tuple[Revision, AuditEntry]:
    """The change and what the audit says of it, for whoever may see the business."""
    revision = get_object_or_404(Revision.objects.select_related("business"), pk=pk)
    rights.require(request, revision.business, Right.READ)
    titled = AuditEntry.objects.select_related("business").filter(object_type__in=_titles())
    entry = titled.filter(business=revision.business_id, number=revision.audit_number or 0).first()
    if entry is None or entry.business is None:
        raise Http404(_("There is no such page."))
    return revision, entry


def _title(entry: AuditEntry) -> str:
    return _titles()[entry.object_type]


def _titles() -> dict[str, str]:
    """What was saved, by the kind of row."""
    return {
        "businesssettings": _("Settings saved"),
        "businesshours": _("Opening hours saved"),
        "business": _("Details saved"),
    }


def _groups(rows: list[Row]) -> Iterator[Reached]:
    """Which calls get which values, those that are told to the voice service first."""
    for reach, sentence in PROMISES.items():
        if found := [row for row in rows if reach_of(row.field) is reach]:
            yield Reached(str(sentence), found)


def _rows(entry: AuditEntry) -> list[Row]:
    """Each value that changed, as it was and as it is."""
    return difference(entry.object_type, json.loads(entry.before), json.loads(entry.after))
