"""What a business knows of its callers: to find, to change and to forget.

A number stands in no address of a page, because addresses are logged.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.profiles import SINGLE, EraseForm, FindCallerForm, ForgetForm, ProfileForm
from prompts.admin.reading import Look, note_read
from prompts.domain.numbers import normalise
from prompts.domain.profile import LISTS
from prompts.domain.roles import Right
from prompts.models import Business, CallerProfile
from prompts.sentences import Sentence
from prompts.services.errors import NoProfile, StaleProfile
from prompts.services.profile import erase_profile, save_profile

from .page import WHY, Crumb, attempt, own_url, redirect_with, show_form, way_to

SHOWN = 100
FIELDS = (*SINGLE, *LISTS, "free_fields")


def callers(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a caller by number, or write down a new one."""
    business = rights.find_business(request, pk, Right.READ_PROFILES)
    form = FindCallerForm(request.POST or None)
    profiles = CallerProfile.objects.filter(business=business, number__isnull=False)
    if request.method == "POST" and form.is_valid():
        number = normalise(form.cleaned_data["number"])
        if known := profiles.filter(number=number).first():
            return HttpResponseRedirect(own_url("caller", pk, known.pk))
        form.add_error("number", _("Nothing is known of this number."))
    note_read(request, business, Look.CALLERS, business)
    return show_form(
        request,
        form,
        [(_("Find a caller"), {"fields": ("number",)})],
        title=Sentence.of(_("Callers of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Find"),
        template="admin/prompts/callers.html",
        business=business,
        profiles=profiles.order_by("-pk")[:SHOWN],
        may_add=rights.may(request, business, Right.CHANGE_PROFILES),
        may_erase=rights.may(request, business, Right.ERASE_PROFILES),
    )


def add_caller(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a caller of whom nothing was known."""
    business = rights.find_business(request, pk, Right.CHANGE_PROFILES)
    form = ProfileForm(request.POST or None, is_new=True, initial={"base": ""})
    return _edit(request, business, form, profile=None)


def caller(request: HttpRequest, pk: int, profile_pk: int) -> HttpResponse:
    """Show and change one profile."""
    business = rights.find_business(request, pk, Right.READ_PROFILES)
    if request.method == "POST":
        rights.require(request, business, Right.CHANGE_PROFILES)
    profile = _find(business, profile_pk)
    note_read(request, business, Look.PROFILE, profile)
    newest = profile.records.latest("revision")
    initial = {**ProfileForm.initial_of(newest.values), "base": newest.sha256}
    form = ProfileForm(request.POST or None, is_new=False, initial=initial)
    return _edit(request, business, form, profile=profile)


def erase(request: HttpRequest, pk: int, profile_pk: int) -> HttpResponse:
    """Ask once, then forget the caller."""
    business = rights.find_business(request, pk, Right.ERASE_PROFILES)
    profile = _find(business, profile_pk)
    form = EraseForm(request.POST or None)

    def act(values: dict[str, Any]) -> list[str]:
        return _forget(request, business, profile.number or "", values["reason"])

    return _ask_and_forget(request, business, form, act)


def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a number that is typed, of whom there may be no profile."""
    business = rights.find_business(request, pk, Right.ERASE_PROFILES)
    form = ForgetForm(request.POST or None)

    def act(values: dict[str, Any]) -> list[str]:
        erased = _forget(request, business, values["number"], values["reason"])
        if not erased:
            raise ValidationError({"number": [_("Nothing is known of this number.")]})
        return erased

    return _ask_and_forget(request, business, form, act)


def _forget(request: HttpRequest, business: Business, number: str, reason: str) -> list[str]:
    """What was erased; nothing where somebody else was faster."""
    try:
        return erase_profile(
            business=business, number=number, actor=rights.person(request), reason=reason
        )
    except NoProfile:
        return []


def _ask_and_forget(
    request: HttpRequest,
    business: Business,
    form: EraseForm,
    act: Callable[[dict[str, Any]], list[str]],
) -> HttpResponse:
    back = own_url("callers", business.pk)
    erased = attempt(request, form, act)
    if erased is not None:
        sentence = _("The caller is forgotten, in calls in progress too.")
        if erased:
            what = _("Erased: %(what)s.") % {"what": ", ".join(erased)}
            sentence = f"{sentence} {what}"
        return redirect_with(request, sentence, back, messages.success)
    return show_form(
        request,
        form,
        [(None, {"fields": list(form.fields)})],
        title=_("Forget this caller?"),
        crumbs=[*way_to(business), Crumb(_("Callers"), back)],
        button=_("Erase for ever"),
        sentences=[
            _("The number and all that was ever written down of the caller are erased."),
            _(
                "In the calls of this number the words about the caller are erased, with the notes "
                "of staff and the tags. What was said stays."
            ),
            _("The audit keeps that there was a caller and who erased it. It cannot be undone."),
        ],
    )


def _edit(
    request: HttpRequest, business: Business, form: ProfileForm, profile: CallerProfile | None
) -> HttpResponse:
    """The page of one caller."""
    may_change = rights.may(request, business, Right.CHANGE_PROFILES)
    for field in form.fields.values():
        field.disabled = not may_change

    def save(values: dict[str, Any]) -> bool:
        try:
            save_profile(
                business=business,
                number=(profile.number or "") if profile else values["number"],
                values=form.values(),
                actor=rights.person(request),
                reason=values["reason"],
                base=values["base"],
            )
        except StaleProfile:
            raise ValidationError(_stale(is_new=profile is None)) from None
        return True

    back = own_url("callers", business.pk)
    if attempt(request, form, save):
        sentence = _("Saved. A call in progress with this caller gets it now.")
        return redirect_with(request, sentence, back, messages.success)
    number = () if profile else ("number",)
    reach = _("A call in progress with this caller gets what you save.")
    return show_form(
        request,
        form,
        [
            (None, {"fields": (*number, *FIELDS, "base"), "description": reach}),
            WHY,
        ],
        title=Sentence.alone(profile.number) if profile else _("Add a caller"),
        crumbs=[*way_to(business), Crumb(_("Callers"), back)],
        button=_("Save the caller") if may_change else "",
        template="admin/prompts/caller.html",
        business=business,
        profile=profile,
        may_erase=profile and rights.may(request, business, Right.ERASE_PROFILES),
    )


def _find(business: Business, pk: int) -> CallerProfile:
    """A caller of this business who was not erased, or 404."""
    return get_object_or_404(CallerProfile, pk=pk, business=business, number__isnull=False)


def _stale(*, is_new: bool) -> str:
    """What happened, and what to do."""
    if is_new:
        return _("This number is known already; nothing was saved. Find the caller and compare.")
    return _(
        "Somebody else changed this caller meanwhile; nothing was saved. "
        "Copy your words, open the caller again and compare."
    )
