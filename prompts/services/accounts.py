"""Accounts of people: made, changed, switched off; deleted only while no history names them.

An account belongs to the platform, so its changes stand in the platform's chain.
"""

from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from prompts.domain.changes import differences
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Membership
from prompts.sentences import Sentence
from prompts.tenancy import PUBLISH_PLATFORM, publishes_platform
from prompts.validation import account_name_faults

from .audit import Change, record
from .people import other_owners
from .revision import lock_platform

# Names and addresses of people are not written into history, only that they were changed.
FIELDS = ("username", "is_active", "is_superuser")
PRIVATE = ("first_name", "last_name", "email")


@transaction.atomic
def add_account(*, account: User, actor: User | None) -> User:
    """Save a new account; what it may do in a business is a role that is given afterwards."""
    _refuse_name(account)
    platform = lock_platform()
    account.is_staff = account.is_staff or account.is_superuser
    account.save(force_insert=True)
    record(platform, Change("account.created", account, {}, _describe(account)), actor=actor)
    return account


@transaction.atomic
def record_added_outside(account: User) -> None:
    """Write down an account that a command of Django's has made, unless somebody did already."""
    platform = lock_platform()
    known = AuditEntry.objects.filter(
        business=None, action="account.created", object_type="user", object_id=str(account.pk)
    )
    if not known.exists():
        record(platform, Change("account.created", account, {}, _describe(account)), actor=None)


@transaction.atomic
def change_account(*, account: User, publishes: bool, actor: User | None) -> User:
    """Save a changed account; ``publishes`` says whether it may publish platform prompts."""
    platform = lock_platform()
    kept = User.objects.get(pk=account.pk)
    if fault := switching_off_fault(kept, account):
        raise ValidationError({"is_active": [fault]})
    if kept.username != account.username:
        _refuse_name(account)
    before = _describe(kept)
    account.is_staff = account.is_staff or account.is_superuser
    account.save()
    allow_platform(account, publishes=publishes)
    after = _describe(account)
    rewritten = [name for name in PRIVATE if getattr(kept, name) != getattr(account, name)]
    was, now = differences(before, after | ({"rewritten": rewritten} if rewritten else {}))
    if now:
        record(platform, Change("account.changed", account, was, now), actor=actor)
    return account


@transaction.atomic
def delete_account(*, account: User, actor: User | None) -> None:
    """Delete an account that never did anything."""
    platform = lock_platform()
    record(platform, Change("account.deleted", account, _describe(account), {}), actor=actor)
    account.delete()


@transaction.atomic
def record_new_password(*, account: User, actor: User | None) -> None:
    """Write down that an account got another password; the caller has just saved it."""
    record(lock_platform(), Change("account.password_set", account, {}, {}), actor=actor)


def allow_platform(account: User, *, publishes: bool) -> None:
    """Give or take the permission to publish platform prompts."""
    permission = Permission.objects.get(
        content_type__app_label="prompts", codename=PUBLISH_PLATFORM
    )
    if publishes:
        account.user_permissions.add(permission)
    else:
        account.user_permissions.remove(permission)


def switching_off_fault(kept: User, changed: User) -> str:
    """Why an account cannot be switched off now, or nothing."""
    if changed.is_active or not kept.is_active:
        return ""
    owned = Membership.objects.filter(user=kept, role=Role.OWNER.value).select_related("business")
    alone = [one.business.name for one in owned if not other_owners(one).exists()]
    if not alone:
        return ""
    sentence = _(
        "This person is the last owner of %(businesses)s. "
        "Give the role “owner” to somebody else first."
    )
    return Sentence.of(sentence, businesses=", ".join(alone))


def _refuse_name(account: User) -> None:
    if faults := account_name_faults(account.username):
        raise ValidationError({"username": faults})


def _describe(account: User) -> dict[str, object]:
    """An account as the audit names it."""
    publishes = publishes_platform(account)
    return {**model_to_dict(account, FIELDS), "publishes_platform": publishes}
