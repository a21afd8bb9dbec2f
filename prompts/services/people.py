"""Giving people roles in a business and taking them away."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from prompts.domain.roles import Role
from prompts.models import Business, Membership
from prompts.sentences import Sentence
from prompts.validation import account_name_faults, reason_faults

from .audit import Change, name_of, record
from .revision import lock_business


@dataclass(frozen=True, slots=True)
class Invitation:
    """The role that somebody was given, and whether the account was made for it."""

    given: Membership
    is_new: bool


@transaction.atomic
def give_role(
    *, business: Business, person: User, role: Role, actor: User | None, reason: str
) -> Membership:
    """Let ``person`` work for the business as ``role``; whoever has a role may log in."""
    _refuse_reason(reason)
    locked = lock_business(business)
    if not person.is_active:
        raise ValidationError({"person": [_("This account is switched off.")]})
    if Membership.objects.filter(business=locked, user=person, role=role.value).exists():
        raise ValidationError({"role": [_("This person has that role already.")]})
    if not person.is_staff:
        person.is_staff = True
        person.save(update_fields=["is_staff"])
    given = Membership.objects.create(business=locked, user=person, role=role.value)
    change = Change("role.given", given, {}, _describe(given))
    record(locked, change, actor=actor, reason=reason)
    return given


@transaction.atomic
def invite(
    *, business: Business, username: str, email: str, role: Role, actor: User | None, reason: str
) -> Invitation:
    """Give a role to the account with this address, or to one that is made.

    The owner of a new account chooses a password by the link of `password_link`. An account that
    is there already keeps its name and its password: whoever invites could otherwise ask for any
    address whether it has one, and leave no trace.
    """
    _refuse_reason(reason)
    known = list(User.objects.filter(email__iexact=email)[:2]) if email else []
    if len(known) > 1:
        sentence = _("More than one account has this address. Give the role by a user name.")
        raise ValidationError({"email": [sentence]})
    if known:
        given = give_role(business=business, person=known[0], role=role, actor=actor, reason=reason)
        return Invitation(given, is_new=False)
    locked = lock_business(business)
    person = User(username=User.normalize_username(username), email=email, is_staff=True)
    # Nobody is told it: it only lets a forgotten password be replaced by mail.
    person.set_password(secrets.token_urlsafe(32))
    _refuse_account(person)
    person.save(force_insert=True)
    given = Membership.objects.create(business=locked, user=person, role=role.value)
    change = Change("person.invited", given, {}, _describe(given))
    record(locked, change, actor=actor, reason=reason)
    return Invitation(given, is_new=True)


@transaction.atomic
def take_role(*, membership: Membership, actor: User | None, reason: str) -> None:
    """Take a role away at once; a business that has an owner keeps one who can act."""
    _refuse_reason(reason)
    locked = lock_business(membership.business)
    held = Membership.objects.select_related("user").filter(pk=membership.pk).first()
    if held is None:
        return  # somebody else was faster
    if held.role == Role.OWNER and not other_owners(held).exists():
        sentence = _(
            "%(person)s is the last owner of %(business)s. "
            "Give the role “owner” to somebody else first."
        )
        raise ValidationError(
            Sentence.of(sentence, person=held.user.get_username(), business=locked.name)
        )
    change = Change("role.taken", held, _describe(held), {})
    record(locked, change, actor=actor, reason=reason)
    held.delete()


def other_owners(owner: Membership) -> QuerySet[Membership]:
    """The owners beside this one who can still log in."""
    return Membership.objects.filter(
        business=owner.business_id, role=Role.OWNER.value, user__is_active=True
    ).exclude(user=owner.user_id)


def find_account(name: str) -> User | None:
    """The account with this user name, or the only one with this e-mail address."""
    by_name = User.objects.filter(username=name).first()
    if by_name is not None:
        return by_name
    by_email = list(User.objects.filter(email__iexact=name)[:2]) if "@" in name else []
    return by_email[0] if len(by_email) == 1 else None


def _refuse_account(person: User) -> None:
    """The faults of a new account, by field."""
    faults: dict[str, list[str]] = {}
    try:
        person.full_clean()
    except ValidationError as error:
        faults |= error.message_dict
    if bad_name := account_name_faults(person.username):
        faults["username"] = bad_name
    if not person.email:
        faults["email"] = [_("Write the address to which the link for the password can go.")]
    if faults:
        raise ValidationError(faults)


def _describe(membership: Membership) -> dict[str, object]:
    """A role as the audit names it."""
    return {"person": name_of(membership.user), "role": membership.role}


def _refuse_reason(reason: str) -> None:
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
