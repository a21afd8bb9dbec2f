"""When a business is open, and how appointments are made there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.outcomes.change import land_on_change
from prompts.admin.profiles import HoursForm
from prompts.domain.hours import KEYS
from prompts.domain.roles import Right
from prompts.models import BusinessHours
from prompts.sentences import Sentence
from prompts.services.hours import change_hours

from .page import WHY, Section, attempt, history_url, show_form, way_to


def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the hours; calls in progress follow."""
    business = rights.find_business(request, pk, Right.READ)
    may_change = rights.may(request, business, Right.CHANGE_SETTINGS)
    if request.method == "POST":
        rights.require(request, business, Right.CHANGE_SETTINGS)
    kept = BusinessHours.objects.filter(business=business).first() or BusinessHours()
    form = HoursForm(
        request.POST or None,
        initial={
            **kept.days,
            "takes_appointments": kept.takes_appointments,
            "appointment_rules": kept.appointment_rules,
        },
    )
    for field in form.fields.values():
        field.disabled = not may_change

    def save(values: dict[str, Any]) -> BusinessHours:
        changes = {
            "days": form.days,
            "takes_appointments": values["takes_appointments"],
            "appointment_rules": values["appointment_rules"],
        }
        return change_hours(
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
        title=Sentence.of(_("Opening hours of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Save the opening hours") if may_change else "",
        history_url=history_url(business, "hours"),
    )


def _sections() -> list[Section]:
    """The week, the appointments, and why."""
    example = _("Such as 09:00-13:00, 14:00-18:00, or closed. Empty: the agent does not know.")
    reach = _("All of this reaches calls in progress, and the voice service confirms it.")
    return [
        (_("Opening hours"), {"fields": KEYS, "description": f"{reach} {example}"}),
        (_("Appointments"), {"fields": ("takes_appointments", "appointment_rules")}),
        WHY,
    ]
