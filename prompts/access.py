"""Who may use the HTTP interface: a person with a session, or one of our own commands."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from prompts.domain.roles import Right, rights_of
from prompts.models import Business
from prompts.tenancy import businesses_of, missing_role, roles_of
from prompts.tokens import is_command_token


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person, or one of our own commands, which may do all."""

    user: User | None

    def businesses(self, right: Right) -> QuerySet[Business]:
        """The businesses in which the caller has a right."""
        return Business.objects.all() if self.user is None else businesses_of(self.user, right)

    def rights_in(self, business_id: int) -> frozenset[Right]:
        """All that the caller may do in a business; nothing where it has no place."""
        if self.user is None or self.user.is_superuser:
            return frozenset(Right)
        return rights_of(roles_of(self.user).get(business_id, frozenset()))


def require(request: HttpRequest, business_id: int | None, right: Right, unknown: str) -> Caller:
    """The caller, who has the right; a business where it has no place is ``unknown``, as 404."""
    caller = _caller(request)
    held = caller.rights_in(business_id) if business_id is not None else frozenset()
    if not held:
        raise HttpError(404, unknown)
    if right not in held:
        raise HttpError(403, missing_role(right))
    return caller


def businesses_with(request: HttpRequest, right: Right) -> QuerySet[Business]:
    """The businesses in which the caller has a right; a person who has it nowhere is refused."""
    caller = _caller(request)
    found = caller.businesses(right)
    if caller.user is not None and not caller.user.is_superuser and not found.exists():
        raise HttpError(403, missing_role(right))
    return found


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return caller


class StaffSession(SessionAuth):
    """A person's session, with the CSRF check that belongs to it."""

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Leave requests without a session to the other ways in."""
        if not request.user.is_authenticated:
            return None
        super().__call__(request)
        return Caller(request.user)


class CommandToken(HttpBearer):
    """The short-lived token of our own commands."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Accept what was signed with our key within the last minute."""
        return Caller(None) if is_command_token(token) else None
