"""Which businesses a person may do what in: the one answer that every list and page asks."""

from collections.abc import Mapping
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from prompts.domain.roles import Right, Role, roles_with
from prompts.models import Business, Membership
from prompts.models.membership import ROLES

Person = User | AnonymousUser
Row = TypeVar("Row", bound=Model)
PUBLISH_PLATFORM = "publish_platform"  # a permission of Django's, the only one that is asked


def businesses_of(person: Person, right: Right) -> QuerySet[Business]:
    """The businesses in which ``person`` has a right; a superuser has every right in all."""
    if not person.is_active:
        return Business.objects.none()
    if person.is_superuser:
        return Business.objects.all()
    carrying = Membership.objects.filter(user=person, role__in=roles_with(right))
    return Business.objects.filter(pk__in=carrying.values("business"))


def within(
    rows: QuerySet[Row], person: Person, right: Right, business: str = "business"
) -> QuerySet[Row]:
    """The rows that stand in such a business; ``business`` is the way to it.

    Rows that stand in none are for superusers.
    """
    if person.is_active and person.is_superuser:
        return rows
    return rows.filter(**{f"{business}__in": businesses_of(person, right)})


def roles_of(person: Person) -> Mapping[int, frozenset[Role]]:
    """The roles of a person, by business; one query."""
    found: dict[int, frozenset[Role]] = {}
    if person.is_active and person.pk is not None:
        held = Membership.objects.filter(user=person).values_list("business_id", "role")
        for business_id, role in held:
            found[business_id] = found.get(business_id, frozenset()) | {Role(role)}
    return found


def publishes_platform(person: Person) -> bool:
    """Whether a superuser was also given the permission to publish what every caller hears."""
    given = Q(user_permissions__content_type__app_label="prompts")
    named = Q(user_permissions__codename=PUBLISH_PLATFORM)
    may_all = Q(pk=person.pk, is_active=True, is_superuser=True)
    return User.objects.filter(may_all, given & named).exists()


def missing_role(right: Right) -> str:
    """For somebody without a right: the least role that carries it, and who gives it."""
    return _(
        "For this you need the role “%(role)s”. Ask an owner of the business to give it to you."
    ) % {"role": role_name(roles_with(right)[0])}


def role_name(role: Role) -> str:
    """What staff call a role."""
    return str(dict(ROLES)[role.value])


def strangers(reader: Person, business: Business) -> frozenset[int]:
    """People of the business who also work where ``reader`` gives no roles, superusers included.

    Anybody can be given a role, so a role alone must not show whose address or login it is.
    """
    people = Q(user__in=Membership.objects.filter(business=business).values("user"))
    managed = businesses_of(reader, Right.MANAGE_PEOPLE)
    is_foreign = ~Q(business__in=managed)
    if not reader.is_superuser:
        is_foreign |= Q(user__is_superuser=True)
    found = Membership.objects.filter(people, is_foreign).values_list("user", flat=True)
    return frozenset(found) - {reader.pk}
