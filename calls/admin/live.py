"""The page of the calls in progress over all workers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import overview
from calls.live.refreshing import refresh_calls
from calls.models import Call
from prompts.admin import rights
from prompts.admin.pages.page import Crumb, home, redirect_with, show
from prompts.domain.roles import Right


def urls(wrap: Callable[[Any], Any]) -> list[URLPattern]:
    """The addresses of the page; ``wrap`` lets staff in and nobody else."""
    return [
        path("live/", wrap(live), name="calls_call_live"),
        path("<int:pk>/send-again/", wrap(send_again), name="calls_call_send_again"),
    ]


def live(request: HttpRequest) -> HttpResponse:
    """The page; with ``?rows`` the rows alone, for the script that renews them."""
    rights.require_somewhere(request, Right.READ)
    own = rights.businesses(request, Right.READ)
    context = {
        "rows": overview.live_calls(timezone.now(), businesses=own),
        "may_send_again": rights.may_somewhere(request, Right.REFRESH),
    }
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
        return HttpResponseNotAllowed(["POST"])
    (outcome,) = refresh_calls([call], force=True)
    level = messages.success if outcome.status in (200, 202) else messages.error
    sentence = f"{call.sid}: {outcome.message}"
    return redirect_with(request, sentence, reverse("admin:calls_call_live"), level)
