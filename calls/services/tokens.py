"""The token that opens the media socket once: random, short-lived, stored as a hash only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class StreamToken:
    """A new token: ``text`` travels in the TwiML, ``digest`` stays in the row."""

    text: str
    digest: str
    expires_at: datetime


def new_token(now: datetime) -> StreamToken:
    """A token that nobody can guess."""
    text = secrets.token_urlsafe(32)
    return StreamToken(text=text, digest=digest_of(text), expires_at=now + LIFE)


def digest_of(text: str) -> str:
    """The form in which a token is stored and looked up."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
