"""Making a business and keeping its details."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.forms import DetailsForm, NewBusinessForm
from prompts.admin.outcomes.change import land_on_change
from prompts.domain.roles import Right
from prompts.models import Business
from prompts.sentences import Sentence
from prompts.services.business import change_business, create_business

from .page import (
    WHY,
    Section,
    attempt,
    business_url,
    businesses,
    history_url,
    redirect_with,
    show_form,
    way_to,
)


def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the details; prompts that name them say the new values at once."""
    business = rights.find_business(request, pk, Right.CHANGE_SETTINGS)
    # The form writes into its row before it is judged, so it gets one of its own.
    form = DetailsForm(request.POST or None, instance=Business.objects.get(pk=pk))

    def save(values: dict[str, Any]) -> Business:
        changes = {name: values[name] for name in DetailsForm.Meta.fields}
        return change_business(
            business=business,
            changes=changes,
            actor=rights.person(request),
            reason=values["reason"],
        )

    if attempt(request, form, save):
        return land_on_change(request, business)
    return show_form(
        request,
        form,
        _sections(),
        title=Sentence.of(_("Details of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Save the details"),
        history_url=history_url(business, "details"),
    )


def add(request: HttpRequest) -> HttpResponse:
    """Make a business; its page then says what is still missing."""
    rights.require_superuser(request, _("Only superusers add businesses."))
    form = NewBusinessForm(request.POST or None)

    def create(values: Mapping[str, Any]) -> Business:
        return create_business(
            details={name: values[name] for name in DetailsForm.Meta.fields},
            actor=rights.person(request),
            reason=values["reason"],
        )

    made = attempt(request, form, create)
    if made:
        sentence = _("%(business)s is saved. The list below says what it still needs.")
        return redirect_with(
            request, Sentence.of(sentence, business=made.name), business_url(made), messages.success
        )
    return show_form(
        request,
        form,
        _sections(),
        title=_("Add a business"),
        crumbs=businesses(),
        button=_("Add the business"),
    )


def _sections() -> list[Section]:
    """The fields in the order in which a person thinks of them."""
    told = _(
        "The agent tells callers these values where a prompt names them. "
        "A change reaches calls in progress too."
    )
    reach = _(
        "Name, language and time zone reach calls in progress. "
        "Whether the business is switched on waits for the next call."
    )
    return [
        (
            _("Who the business is"),
            {"fields": ("name", "language", "time_zone", "is_active"), "description": reach},
        ),
        (
            _("What prompts can name"),
            {"fields": ("agent_name", "phone", "address", "website"), "description": told},
        ),
        WHY,
    ]
