"""Who may do what on our own pages, with a sentence for whoever may not.

A page of one business begins with one line::

    business = rights.find_business(request, pk, Right.PUBLISH)

Whoever has no role in that business gets 404, as if it did not exist; whoever has a role that does
not carry the right gets 403 with the name of the role that is missing. Further on:

- ``rights.may(request, business, Right.PUBLISH)``: whether to show a button;
- ``rights.require(request, business, Right.PUBLISH)``: 404 or 403 as above, for a row that leads to
  its business, or for a second look; the platform (None) is for superusers;
- ``rights.businesses(request, Right.READ)``: the businesses to choose from;
- ``rights.within(request, Call.objects.all(), Right.READ_CALLS)``: the rows to show;
- ``rights.require_somewhere(request, Right.READ_CALLS)``: the head of a list over businesses.

The table of roles stands in `prompts.domain.roles`. Django's own permissions are not asked. A
request reads its person's roles once.
"""

from collections.abc import Mapping
from typing import cast
from weakref import WeakKeyDictionary

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from prompts.domain.roles import Right, Role, rights_of
from prompts.models import Business
from prompts.tenancy import Row, businesses_of, missing_role, publishes_platform, roles_of
from prompts.tenancy import within as rows_within

_read: WeakKeyDictionary[HttpRequest, Mapping[int, frozenset[Role]]] = WeakKeyDictionary()


def person(request: HttpRequest) -> User:
    """The person who asks; the admin lets nobody else in."""
    return cast(User, request.user)


def businesses(request: HttpRequest, right: Right) -> QuerySet[Business]:
    """The businesses in which the person has a right."""
    return businesses_of(person(request), right)


def within(
    request: HttpRequest, rows: QuerySet[Row], right: Right, business: str = "business"
) -> QuerySet[Row]:
    """The rows that stand in such a business; ``business`` is the way from a row to it."""
    return rows_within(rows, person(request), right, business)


def find_business(request: HttpRequest, pk: int, right: Right) -> Business:
    """The business with its settings, for whoever has the right in it."""
    business = get_object_or_404(Business.objects.select_related("settings"), pk=pk)
    require(request, business, right)
    return business


def may(request: HttpRequest, business: Business | None, right: Right) -> bool:
    """Whether the person has a right in a business, or on the platform."""
    return right in _rights(request, business)


def require(request: HttpRequest, business: Business | None, right: Right) -> None:
    """Refuse whoever may not: 404 to strangers, 403 to those whose role is another."""
    held = _rights(request, business)
    if not held:
        raise Http404(_("There is no such page."))
    if right not in held:
        raise PermissionDenied(missing_role(right))


def may_somewhere(request: HttpRequest, right: Right) -> bool:
    """Whether the person has a right in any business."""
    if person(request).is_superuser:
        return True
    return any(right in rights_of(roles) for roles in _roles(request).values())


def require_somewhere(request: HttpRequest, right: Right) -> None:
    """Refuse whoever has the right in no business at all."""
    if not may_somewhere(request, right):
        raise PermissionDenied(missing_role(right))


def require_superuser(request: HttpRequest, sentence: str = "") -> None:
    """Refuse everybody who does not look after the whole platform."""
    if not person(request).is_superuser:
        raise PermissionDenied(
            sentence
            or _(
                "Platform prompts stand in the calls of every business, "
                "so only superusers see and change them."
            )
        )


def may_publish_platform(request: HttpRequest) -> bool:
    """Whether the person may publish what every caller hears; being a superuser is not enough."""
    return publishes_platform(person(request))


def require_platform_publisher(request: HttpRequest) -> None:
    """Refuse whoever has not been given the permission of its own."""
    require_superuser(request)
    if not may_publish_platform(request):
        raise PermissionDenied(
            _(
                "For this you need the permission “May publish platform prompts”. "
                "A superuser gives it on the page of your account."
            )
        )


def _rights(request: HttpRequest, business: Business | None) -> frozenset[Right]:
    if person(request).is_superuser:
        return frozenset(Right)
    if business is None:
        return frozenset()
    return rights_of(_roles(request).get(business.pk, frozenset()))


def _roles(request: HttpRequest) -> Mapping[int, frozenset[Role]]:
    if request not in _read:
        _read[request] = roles_of(person(request))
    return _read[request]
