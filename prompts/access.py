"""Who may use the HTTP interface: a person with a session, a token, or one of our own commands."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from prompts.domain.roles import Right, rights_of
from prompts.domain.text import sha256
from prompts.models import ApiToken, Business
from prompts.requests import current_client
from prompts.sentences import Sentence
from prompts.services.tokens import notice_use
from prompts.tenancy import businesses_of, missing_role, roles_of
from prompts.tokens import is_command_token


class Refusal(Schema):
    """Why nothing was done: a sentence, and sentences by field where they help."""

    detail: str
    errors: dict[str, list[str]] = {}


REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal}  # what every route may answer


class Caller(Protocol):
    """Whoever asks."""

    @property
    def user(self) -> User | None:
        """The person, where it is one."""

    def businesses(self, right: Right) -> QuerySet[Business]:
        """The businesses in which the caller has a right."""

    def rights_in(self, business_id: int) -> frozenset[Right]:
        """All that the caller may do in a business; nothing where it has no place."""

    def has(self, right: Right) -> bool:
        """Whether the caller has a right in any business."""

    def refusal(self, right: Right) -> str:
        """What to do about a right that is missing."""


@dataclass(frozen=True, slots=True)
class Command:
    """One of our own commands, which may do all."""

    user: None = None

    def businesses(self, right: Right) -> QuerySet[Business]:
        """Every one."""
        return Business.objects.all()

    def rights_in(self, business_id: int) -> frozenset[Right]:
        """Every one."""
        return frozenset(Right)

    def has(self, right: Right) -> bool:
        """It has."""
        return True

    def refusal(self, right: Right) -> str:
        """Never said."""
        return ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person, whose roles decide."""

    user: User

    def businesses(self, right: Right) -> QuerySet[Business]:
        """Where a role carries the right."""
        return businesses_of(self.user, right)

    def rights_in(self, business_id: int) -> frozenset[Right]:
        """What the roles in that business carry."""
        if self.user.is_superuser:
            return frozenset(Right)
        return rights_of(roles_of(self.user).get(business_id, frozenset()))

    def has(self, right: Right) -> bool:
        """A superuser has every right, also while there is no business."""
        return self.user.is_superuser or self.businesses(right).exists()

    def refusal(self, right: Right) -> str:
        """Name the missing role."""
        return missing_role(right)


@dataclass(frozen=True, slots=True)
class Script:
    """A script, whose token decides."""

    token: ApiToken
    user: None = None

    def businesses(self, right: Right) -> QuerySet[Business]:
        """That of the token, or every one."""
        if not self.has(right):
            return Business.objects.none()
        own = self.token.business_id
        return Business.objects.all() if own is None else Business.objects.filter(pk=own)

    def rights_in(self, business_id: int) -> frozenset[Right]:
        """What the token may do, in its own business or in every one."""
        is_own = self.token.business_id in (None, business_id)
        return self.token.rights if is_own else frozenset()

    def has(self, right: Right) -> bool:
        """Whether the token was made for it."""
        return right in self.token.rights

    def refusal(self, right: Right) -> str:
        """Name the missing right."""
        sentence = _(
            "The token “%(name)s” was not made with the right “%(right)s”. Make one that has it."
        )
        return Sentence.of(sentence, name=self.token.name, right=right.value)


def require(request: HttpRequest, business_id: int | None, right: Right, unknown: str) -> Caller:
    """The caller, who has the right; a business where it has no place is ``unknown``, as 404."""
    caller = _caller(request)
    held = caller.rights_in(business_id) if business_id is not None else frozenset()
    if not held:
        raise HttpError(404, unknown)
    if right not in held:
        raise HttpError(403, caller.refusal(right))
    return caller


def businesses_with(request: HttpRequest, right: Right) -> QuerySet[Business]:
    """The businesses in which the caller has a right; one who has it nowhere is refused."""
    caller = _caller(request)
    if not caller.has(right):
        raise HttpError(403, caller.refusal(right))
    return caller.businesses(right)


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
        return Person(request.user)


class Bearer(HttpBearer):
    """The token of a script, or the short-lived one of our own commands."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Accept a token that is good now; say what is wrong with any other."""
        if is_command_token(token):
            return Command()
        row = _find_token(token)
        notice_use(row)
        current_client.set(f"token {row.name}")
        return Script(row)


def _find_token(secret: str) -> ApiToken:
    """The token, or the reason why it is not accepted."""
    row = ApiToken.objects.filter(sha256=sha256(secret)).first()
    if row is None:
        raise HttpError(401, _("This token is not known. Log in, or send one that is."))
    if row.revoked_at is not None:
        raise HttpError(401, Sentence.of(_("The token “%(name)s” was revoked."), name=row.name))
    if row.expires_at <= timezone.now():
        fault = _("The token “%(name)s” has expired. Make a new one.")
        raise HttpError(401, Sentence.of(fault, name=row.name))
    return row
