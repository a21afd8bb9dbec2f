"""Making tokens for scripts, taking them back, and noticing that they are used."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prompts.domain.text import sha256
from prompts.models import ApiToken, Business, Platform
from prompts.validation import reason_faults

from .audit import Change, name_of, record
from .revision import lock_business, lock_platform

MAX_DAYS = 3650
NOTICED_EVERY = timedelta(hours=1)  # how exactly it is known when a token was last used


class TokenRight(StrEnum):
    """What a token may do."""

    READ = "read"
    PUBLISH = "publish"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A row and its secret, which nobody can read again."""

    row: ApiToken
    secret: str


@transaction.atomic
def create_token(
    *,
    name: str,
    business: Business | None,
    rights: Collection[TokenRight],
    days: int,
    actor: User | None,
) -> NewToken:
    """Make a token for one business, or for every one when none is named."""
    _refuse_faults(name, rights, days)
    owner = lock_business(business) if business else lock_platform()
    secret = f"va_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    row = ApiToken(
        name=name.strip(),
        prefix=secret[:11],
        sha256=sha256(secret),
        business=business,
        reads=TokenRight.READ in rights,
        publishes=TokenRight.PUBLISH in rights,
        refreshes=TokenRight.REFRESH in rights,
        created_at=now,
        created_by=actor,
        created_by_name=name_of(actor),
        expires_at=now + timedelta(days=days),
    )
    row.full_clean()
    row.save(force_insert=True)
    record(owner, Change("token.created", row, {}, _describe(row)), actor=actor)
    return NewToken(row, secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User | None, reason: str) -> None:
    """Refuse the token from now on; the row stays."""
    if faults := reason_faults(reason):
        raise ValidationError({"reason": faults})
    owner: Business | Platform = (
        lock_business(token.business) if token.business else lock_platform()
    )
    held = ApiToken.objects.get(pk=token.pk)
    if held.revoked_at is not None:
        return  # somebody else was faster
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    change = Change("token.revoked", held, _describe(held), {})
    record(owner, change, actor=actor, reason=reason)


def notice_use(token: ApiToken) -> None:
    """Note that the token is used; a write an hour, however many requests there are."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTICED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _refuse_faults(name: str, rights: Collection[TokenRight], days: int) -> None:
    faults: dict[str, list[str]] = {}
    if not name.strip():
        faults["name"] = [_("Give the token a name, so that people know what uses it.")]
    if not rights:
        faults["rights"] = [_("A token needs at least one right.")]
    if not 1 <= days <= MAX_DAYS:
        faults["days"] = [_("Write a number of days from 1 to %(most)d.") % {"most": MAX_DAYS}]
    if faults:
        raise ValidationError(faults)


def _describe(token: ApiToken) -> dict[str, object]:
    """A token as the audit names it."""
    return {
        "name": token.name,
        "prefix": token.prefix,
        "rights": " ".join(sorted(right.value for right in token.rights)),
        "expires": token.expires_at.date().isoformat(),
        "all_businesses": token.business_id is None,
    }
