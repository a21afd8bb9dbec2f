"""The page of a business: what its calls need, what stands in their way, where to go next."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.banners import business_banners
from prompts.admin.checklist import connection_checklist
from prompts.admin.window import look
from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.models import Business

from .page import businesses, own_url, show


@dataclass(frozen=True, slots=True)
class Door:
    """A link to one of the pages of a business."""

    label: str
    url: str


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one business."""
    business = rights.find_business(request, pk, Right.READ)
    return show(
        request,
        "admin/prompts/business.html",
        title=business.name,
        crumbs=businesses(),
        business=business,
        banners=business_banners(request, business),
        points=connection_checklist(business),
        refusals=look().refusals(business.pk),
        doors=list(_doors(request, business)),
        live={one.value: look().live_calls(business.pk, one) for one in Direction},
    )


def _doors(request: HttpRequest, business: Business) -> Iterator[Door]:
    """The pages that this person may open."""
    prompt = own_url("prompt", business.pk, Direction.INBOUND.value)
    doors = (
        (Right.READ, _("Prompts"), prompt),
        (Right.READ, _("Settings"), own_url("settings", business.pk)),
        (Right.CHANGE_SETTINGS, _("Details"), own_url("details", business.pk)),
        (Right.READ, _("Phone numbers"), own_url("numbers", business.pk)),
        (Right.READ, _("Opening hours"), own_url("hours", business.pk)),
        (Right.READ_PROFILES, _("Callers"), own_url("callers", business.pk)),
        (Right.READ_CALLS, _("Calls"), look().calls_page(business.pk)),
        (Right.MANAGE_PEOPLE, _("People"), own_url("people", business.pk)),
        (Right.READ_AUDIT, _("Audit"), audit_url(business)),
        (Right.READ, _("History of the settings"), own_url("history", business.pk)),
        (Right.READ, _("What was live"), own_url("moment", business.pk)),
    )
    for right, label, url in doors:
        if url and rights.may(request, business, right):
            yield Door(label, url)
    if rights.may(request, business, Right.PUBLISH):
        verb = "resume" if business.settings.paused else "pause"
        label = _("Resume the agent") if business.settings.paused else _("Pause the agent")
        yield Door(label, own_url(verb, business.pk))


def audit_url(business: Business) -> str:
    """The audit, of this business only."""
    address = reverse("admin:prompts_auditentry_changelist")
    return f"{address}?business={business.pk}"
