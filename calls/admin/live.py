"""The page of the calls in progress over all workers, and the buttons that send the words again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import overview, selectors
from calls.live.refreshing import Outcome, refresh_calls
from calls.models import Call
from calls.overview import LiveCall
from calls.services.workers import close_what_was_left
from prompts.admin import rights
from prompts.admin.pages.page import Crumb, home, redirect_with, show
from prompts.domain.roles import Right
from prompts.models import Business

LEVELS = {200: messages.SUCCESS, 202: messages.WARNING}


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one business, and what the person may do there."""

    business: Business
    rows: Collection[LiveCall]
    may_read_calls: bool
    may_send_again: bool


def urls(wrap: Callable[[Any], Any]) -> list[URLPattern]:
    """The addresses of the page; ``wrap`` lets staff in and nobody else."""
    return [
        path("live/", wrap(live), name="calls_call_live"),
        path("<int:pk>/send-again/", wrap(send_again), name="calls_call_send_again"),
        path("live/<int:pk>/send-again/", wrap(send_all_again), name="calls_call_send_all_again"),
    ]


def live(request: HttpRequest) -> HttpResponse:
    """The page; with ``?rows`` the rows alone, for the script that renews them."""
    rights.require_somewhere(request, Right.READ)
    close_what_was_left()
    context = {"groups": list(_groups(request))}
    if "rows" in request.GET:
        return TemplateResponse(request, "admin/calls/live_rows.html", context)
    crumbs = [*home(), Crumb(_("Calls"), reverse("admin:calls_call_changelist"))]
    title = _("Calls in progress")
    return show(request, "admin/calls/live.html", title=title, crumbs=crumbs, **context)


def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read everything again and send it to one call, also where nothing changed."""
    call = get_object_or_404(Call.objects.select_related("business"), pk=pk)
    rights.require(request, call.business, Right.REFRESH)
    if request.method != "POST":
        return _press_again(request)
    return _say(request, refresh_calls([call], force=True))


def send_all_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for every call in progress of a business."""
    business = rights.find_business(request, pk, Right.REFRESH)
    if request.method != "POST":
        return _press_again(request)
    calls = list(selectors.live_calls(timezone.now()).filter(business=business))
    if not calls:
        messages.info(request, _("This business has no calls in progress."))
    return _say(request, refresh_calls(calls, force=True))


def _press_again(request: HttpRequest) -> HttpResponse:
    """Back to the buttons: so comes whoever had been logged out and has pressed one."""
    sentence = _("Nothing was sent again: press the button once more.")
    return redirect_with(request, sentence, reverse("admin:calls_call_live"), messages.info)


def _groups(request: HttpRequest) -> Iterator[Group]:
    """The calls that the person may see, business by business."""
    own = rights.businesses(request, Right.READ)
    rows = overview.live_calls(timezone.now(), businesses=own)
    in_order = sorted(rows, key=lambda row: (str(row.call.business), row.call.business_id))
    for business, found in groupby(in_order, key=lambda row: row.call.business):
        if business is not None:
            yield Group(
                business=business,
                rows=list(found),
                may_read_calls=rights.may(request, business, Right.READ_CALLS),
                may_send_again=rights.may(request, business, Right.REFRESH),
            )


def _say(request: HttpRequest, outcomes: Collection[Outcome]) -> HttpResponse:
    """Back to the calls, with what became of it: equal answers in one sentence."""
    answers = Counter((one.status, one.message) for one in outcomes)
    for (status, message), count in answers.items():
        sentence = ngettext("%(count)d call: %(answer)s", "%(count)d calls: %(answer)s", count)
        level = LEVELS.get(status, messages.ERROR)
        messages.add_message(request, level, sentence % {"count": count, "answer": message})
    return HttpResponseRedirect(reverse("admin:calls_call_live"))
