"""What our own pages share: the frame around them, and forms that end in a service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.models import Business

Answer = TypeVar("Answer")
Section = tuple[str | None, dict[str, Any]]
WHY: Section = (None, {"fields": ("reason",)})


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    label: str
    url: str


def show(
    request: HttpRequest, template: str, *, title: str, crumbs: Sequence[Crumb], **context: object
) -> TemplateResponse:
    """Render one of our templates inside the admin."""
    business = context.get("business")
    frame = {
        **admin.site.each_context(request),
        "title": str(title),  # it also stands where no mark-up can
        "crumbs": crumbs,
        "zone": zone_of(business if isinstance(business, Business) else None),
        "banners": (),
    }
    return TemplateResponse(request, template, {**frame, **context})


def zone_of(business: Business | None) -> str:
    """The zone in which a page tells times."""
    return business.time_zone if business else str(settings.TIME_ZONE)


def show_form(
    request: HttpRequest,
    form: forms.BaseForm,
    sections: Sequence[Section],
    *,
    title: str,
    crumbs: Sequence[Crumb],
    template: str = "admin/prompts/form.html",
    **context: object,
) -> TemplateResponse:
    """Render a form with one ``button``; the way out leads to the last crumb.

    Whoever may only look gets no button, and is asked for no reason.
    """
    shown = [one for one in sections if context.get("button") or one != WHY]
    return show(
        request,
        template,
        title=title,
        crumbs=crumbs,
        form=form,
        sections=AdminForm(cast(Any, form), shown, {}),  # any form will do
        cancel_url=crumbs[-1].url,
        **{"history_url": "", "sentences": (), **context},
    )


def attempt(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], Answer],
    names: Mapping[str, str] | None = None,
) -> Answer | None:
    """What ``act`` answers to the values of a posted form; None leaves the reasons on the form.

    ``names`` gives the form's name of a field that the service calls otherwise.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except ValidationError as error:
        put_beside_fields(form, error, names or {})
        return None


def put_beside_fields(
    form: forms.BaseForm, error: ValidationError, names: Mapping[str, str]
) -> None:
    """Show each sentence of a service at its field, or above the form when it has none."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in faults.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, list(sentences))


def set_posted(form: forms.BaseForm, name: str, value: object) -> None:
    """Let the form come back with another ``value`` in one field, and all else as posted."""
    posted = cast(QueryDict, form.data).copy()
    posted[name] = "" if value is None else str(value)
    form.data = posted


def home() -> list[Crumb]:
    """The way to everything."""
    return [Crumb(_("Home"), reverse("admin:index"))]


def businesses() -> list[Crumb]:
    """The way to the list of businesses."""
    return [*home(), Crumb(_("Businesses"), reverse("admin:prompts_business_changelist"))]


def way_to(business: Business) -> list[Crumb]:
    """The way to the page of a business."""
    return [*businesses(), Crumb(business.name, business_url(business))]


def business_url(business: Business) -> str:
    """The page of a business."""
    return reverse("admin:prompts_business_change", args=[business.pk])


def own_url(name: str, *arguments: object) -> str:
    """One of our own pages of a business, by its short name."""
    return reverse(f"admin:prompts_business_{name}", args=arguments)


def history_url(business: Business, kind: str = "") -> str:
    """The history of the settings, or the part of it that one page makes."""
    address = own_url("history", business.pk)
    return f"{address}?kind={kind}" if kind else address


def redirect_with(
    request: HttpRequest, sentence: str, url: str, level: Callable[[HttpRequest, str], None]
) -> HttpResponse:
    """Go to ``url`` and say there what happened."""
    level(request, sentence)
    return HttpResponseRedirect(url)
