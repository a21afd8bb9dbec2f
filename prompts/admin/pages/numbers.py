"""The phone numbers of a business."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.forms import NumberForm, ReasonForm
from prompts.domain.roles import Right
from prompts.models import Business, PhoneNumber
from prompts.sentences import Sentence
from prompts.services.business import add_phone_number, remove_phone_number

from .page import WHY, Crumb, attempt, history_url, own_url, redirect_with, show_form, way_to


def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """List the numbers and add one."""
    business = rights.find_business(request, pk, Right.READ)
    may_change = rights.may(request, business, Right.CHANGE_SETTINGS)
    if request.method == "POST":
        rights.require(request, business, Right.CHANGE_SETTINGS)
    form = NumberForm(request.POST or None)

    def save(values: dict[str, Any]) -> PhoneNumber:
        _refuse_taken(request, business, values["number"])
        return add_phone_number(
            business=business,
            number=values["number"],
            actor=rights.person(request),
            reason=values["reason"],
        )

    added = attempt(request, form, save)
    if added:
        sentence = _("%(number)s is saved. Enter the webhook address for it at Twilio.")
        return redirect_with(
            request,
            Sentence.of(sentence, number=added.number),
            own_url("numbers", business.pk),
            messages.success,
        )
    reach = _("A number counts from the next call on; calls in progress go on as they are.")
    return show_form(
        request,
        form,
        [(_("Add a number"), {"fields": ("number", "reason"), "description": reach})]
        if may_change
        else [],
        title=Sentence.of(_("Phone numbers of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Add the number") if may_change else "",
        history_url=history_url(business, "numbers"),
        template="admin/prompts/numbers.html",
        business=business,
        numbers=business.phone_numbers.all(),
        may_remove=may_change,
    )


def _refuse_taken(request: HttpRequest, business: Business, number: str) -> None:
    """Say whose number it is, to whoever may know, and what to do about it."""
    taken = PhoneNumber.objects.select_related("business").filter(number=number).first()
    if taken is None:
        return
    if taken.business_id == business.pk:
        sentence = _("This business has %(number)s already.")
    elif rights.may(request, taken.business, Right.READ):
        sentence = _("%(owner)s has %(number)s. Remove it there first, then add it here.")
    else:
        sentence = _("Another business has %(number)s. Ask the person who manages businesses.")
    faults = [Sentence.of(sentence, number=number, owner=taken.business.name)]
    raise ValidationError({"number": faults})


def remove_number(request: HttpRequest, pk: int, number_pk: int) -> HttpResponse:
    """Ask why, then take the number away."""
    business = rights.find_business(request, pk, Right.CHANGE_SETTINGS)
    number = get_object_or_404(PhoneNumber, pk=number_pk, business=business)
    back = own_url("numbers", business.pk)
    form = ReasonForm(request.POST or None)

    def remove(values: dict[str, Any]) -> bool:
        remove_phone_number(number=number, actor=rights.person(request), reason=values["reason"])
        return True

    if attempt(request, form, remove):
        sentence = _("%(number)s no longer belongs to this business.")
        done = Sentence.of(sentence, number=number.number)
        return redirect_with(request, done, back, messages.success)
    return show_form(
        request,
        form,
        [WHY],
        title=Sentence.of(_("Remove %(number)s?"), number=number.number),
        crumbs=[*way_to(business), Crumb(_("Phone numbers"), back)],
        sentences=[
            _("The number is then free for another business."),
            _("Calls in progress go on as they are."),
            _("Calls to it still reach this business while Twilio has its webhook address."),
        ],
        button=_("Remove the number"),
    )
