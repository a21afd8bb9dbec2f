"""Adding a tag on the page of a call, and taking one away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from calls.admin.calls.access import call_url, find_call
from calls.admin.calls.page import show_call
from calls.models import Call, CallTag
from calls.services.tags import add_tag, take_tag
from prompts.admin import rights
from prompts.admin.pages.page import attempt, redirect_with

from .forms import TagForm, lead_to


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the call; a fault shows its page with what was typed."""
    call = find_call(request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(_place(call))
    form = TagForm(request.POST)

    def act(values: dict[str, Any]) -> CallTag:
        return add_tag(call=call, word=values["word"], actor=rights.person(request))

    if attempt(request, form, act) is None:
        lead_to(form, "word")
        return show_call(request, call, tag_form=form)
    return redirect_with(request, _("The call has this tag."), _place(call), messages.success)


def take(request: HttpRequest, pk: int, tag_pk: int) -> HttpResponse:
    """Take a tag away; whoever regrets it adds it again."""
    call = find_call(request, pk)
    if not call.tags.filter(tag=tag_pk).exists():
        raise Http404(_("This call has no such tag."))
    if request.method != "POST":
        return HttpResponseRedirect(_place(call))
    take_tag(call=call, tag_id=tag_pk, actor=rights.person(request))
    return redirect_with(request, _("The tag is taken away."), _place(call), messages.success)


def _place(call: Call) -> str:
    return f"{call_url(call)}#tags"
