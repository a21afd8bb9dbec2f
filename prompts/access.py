"""Who may use the HTTP interface: a person with a session, or one of our own commands."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from prompts.tokens import is_command_token


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person, or one of our own commands, which may do all."""

    user: User | None

    def may(self, permission: str, application: str = "prompts") -> bool:
        """Whether the caller has a right of an application."""
        if self.user is None:
            return True
        return self.user.is_staff and self.user.has_perm(f"{application}.{permission}")


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
