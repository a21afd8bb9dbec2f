"""Who works for a business: an owner gives roles and takes them away."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.forms import ReasonForm
from prompts.admin.passwords import LINK_DAYS, password_link, send_invitation
from prompts.admin.people import GiveRoleForm, InviteForm
from prompts.domain.roles import Right, Role
from prompts.models import Business, Membership
from prompts.sentences import Sentence
from prompts.services import people as services
from prompts.tenancy import strangers

from .page import WHY, Crumb, attempt, own_url, redirect_with, show, show_form, way_to


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """List the people with their roles, and give a role to somebody who has an account."""
    business = rights.find_business(request, pk, Right.MANAGE_PEOPLE)
    form = GiveRoleForm(request.POST or None)

    def give(values: dict[str, Any]) -> Membership:
        return services.give_role(
            business=business,
            person=_account(values["person"]),
            role=Role(values["role"]),
            actor=rights.person(request),
            reason=values["reason"],
        )

    given = attempt(request, form, give)
    if given:
        sentence = _("The role “%(role)s” is given: %(person)s sees this business at once.")
        said = Sentence.of(sentence, person=given.user.username, role=given.get_role_display())
        return redirect_with(request, said, own_url("people", pk), messages.success)
    return show_form(
        request,
        form,
        [(_("Give a role"), {"fields": ("person", "role", "reason")})],
        title=Sentence.of(_("People of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Give the role"),
        template="admin/prompts/people.html",
        business=business,
        people=_roles_by_person(business),
        strangers=strangers(rights.person(request), business),
    )


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to an address; whoever is new chooses the password of an account by a link."""
    business = rights.find_business(request, pk, Right.MANAGE_PEOPLE)
    form = InviteForm(request.POST or None)

    def act(values: dict[str, Any]) -> services.Invitation:
        values["role"] = Role(values["role"])
        return services.invite(business=business, actor=rights.person(request), **values)

    crumbs = [*way_to(business), Crumb(_("People"), own_url("people", pk))]
    invitation = attempt(request, form, act, {"person": "email"})
    if invitation:
        given, is_new = invitation.given, invitation.is_new
        # Of an account that has an owner already nobody else may choose the password.
        link = password_link(given.user) if is_new else ""
        return show(
            request,
            "admin/prompts/invited.html",
            title=Sentence.of(_("%(person)s has the role now"), person=given.user.username),
            crumbs=crumbs,
            business=business,
            given=given,
            link=link,
            days=LINK_DAYS,
            mailed=send_invitation(given, link),
        )
    return show_form(
        request,
        form,
        [(None, {"fields": ("username", "email", "role", "reason")})],
        title=_("Invite somebody new"),
        crumbs=crumbs,
        button=_("Invite"),
        sentences=[
            _(
                "Somebody new gets an account, and you get a link by which the person chooses a "
                "password."
            ),
            _("An address that has an account already gets the role, and a mail that says so."),
        ],
    )


def take_role(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Ask once, then take a role away."""
    business = rights.find_business(request, pk, Right.MANAGE_PEOPLE)
    held = get_object_or_404(Membership, pk=membership_pk, business=business)
    person, role = held.user.username, held.get_role_display()
    form, back = ReasonForm(request.POST or None), own_url("people", pk)

    def act(values: dict[str, Any]) -> bool:
        actor = rights.person(request)
        services.take_role(membership=held, actor=actor, reason=values["reason"])
        return True

    if attempt(request, form, act):
        sentence = _("The role “%(role)s” is taken from %(person)s.")
        is_out = held.user_id == rights.person(request).pk and held.role == Role.OWNER
        url = reverse("admin:index") if is_out else back
        said = Sentence.of(sentence, person=person, role=role)
        return redirect_with(request, said, url, messages.success)
    return show_form(
        request,
        form,
        [WHY],
        title=Sentence.of(_("Take the role “%(role)s” from %(person)s?"), role=role, person=person),
        crumbs=[*way_to(business), Crumb(_("People"), back)],
        button=_("Take the role away"),
        sentences=[
            _("It holds from the next click of that person on. Other roles stay."),
            _("What the person published or wrote stays as it is."),
        ],
    )


def _account(name: str) -> User:
    """The account that was named."""
    found = services.find_account(name.strip())
    if found is None:
        sentence = _(
            "No account, or more than one, goes by this name or address. Press “Invite somebody "
            "new” for a person without an account."
        )
        raise ValidationError({"person": [sentence]})
    return found


def _roles_by_person(business: Business) -> dict[User, list[Membership]]:
    """The people in the order of their names, each with the roles held here."""
    found: dict[User, list[Membership]] = {}
    for held in business.memberships.select_related("user").order_by("user__username", "pk"):
        found.setdefault(held.user, []).append(held)
    return found
