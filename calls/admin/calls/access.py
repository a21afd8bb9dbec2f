"""Which calls a person may look into: every page about calls begins here."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import Call
from prompts.admin import rights
from prompts.admin.pages.page import Crumb, home
from prompts.domain.roles import Right


def calls_visible_to(request: HttpRequest) -> QuerySet[Call]:
    """The calls of the businesses in which the person may read calls."""
    return rights.within(request, Call.objects.all(), Right.READ_CALLS)


def find_call(request: HttpRequest, pk: int) -> Call:
    """The call with its business; 404 to strangers, 403 to those whose role is another."""
    call = Call.objects.select_related("business").filter(pk=pk).first()
    if call is None:
        raise Http404(_("There is no such call."))
    rights.require(request, call.business, Right.READ_CALLS)
    return call


def way_to_calls() -> list[Crumb]:
    """The way to the list of calls."""
    return [*home(), Crumb(_("Calls"), reverse("admin:calls_call_changelist"))]


def call_url(call: Call) -> str:
    """The page of a call."""
    return reverse("admin:calls_call_change", args=[call.pk])
