"""Whether a request really comes from Twilio; the one wrapper around Twilio's validator.

The signed address is always built from ``PUBLIC_BASE_URL``: behind a proxy, ``Host`` and the
forwarded headers say what the sender likes. The header X-Twilio-Webhooks-Signature-Settings is
never read, so that it cannot choose a weaker scheme than the one we are configured for.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_noop
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

MISSING = gettext_noop("The request carries no X-Twilio-Signature header.")
EMPTY = gettext_noop("The X-Twilio-Signature header is empty.")
NOT_ASCII = gettext_noop("The X-Twilio-Signature header is not plain ASCII.")
WRONG = gettext_noop(
    "The signature does not match. Check TWILIO_AUTH_TOKEN, and that the address that Twilio calls"
    " starts with PUBLIC_BASE_URL."
)


def public_url(path: str, query: str = "") -> str:
    """The address of ``path`` as Twilio sees it; ``query`` exactly as received."""
    return f"{_base()}{path}?{query}" if query else f"{_base()}{path}"


def stream_url(path: str) -> str:
    """The address of a media socket as Twilio sees it: https gives wss, http gives ws."""
    return f"ws{_base().removeprefix('http')}{path}"


def refused_webhook(
    *, path: str, query: str, form: QueryDict, signature: str | bytes | None
) -> str | None:
    """Why a webhook is refused, as a sentence; ``None`` lets it in."""
    if not settings.TWILIO_AUTH_TOKENS:  # only possible while DEBUG is on
        return None
    return _refused(signature, [public_url(path, query)], form)


def refused_stream(*, path: str, signature: str | bytes | None) -> str | None:
    """Why the upgrade of a media socket is refused, as a sentence; ``None`` lets it in.

    Twilio signs the ``url`` attribute of the TwiML, without parameters. Some proxies add or remove
    the last slash, so both forms are tried and nothing else.
    """
    if not settings.TWILIO_AUTH_TOKENS:  # only possible while DEBUG is on
        return None
    if signature is None and settings.TWILIO_STREAM_SIGNATURE != "required":
        return None
    bare = stream_url(path.rstrip("/"))
    return _refused(signature, [bare, f"{bare}/"], QueryDict())


def _base() -> str:
    return str(settings.PUBLIC_BASE_URL).rstrip("/")


def _refused(signature: str | bytes | None, urls: Iterable[str], form: QueryDict) -> str | None:
    """The sentence for a signature that no token and none of ``urls`` explains."""
    if signature is None:
        return MISSING
    text = signature.decode("latin-1") if isinstance(signature, bytes) else signature
    if not text.strip():
        return EMPTY
    if not text.isascii():
        return NOT_ASCII
    right = any(
        _matches(token, url, form, text) for token in settings.TWILIO_AUTH_TOKENS for url in urls
    )
    return None if right else WRONG


def _matches(token: str, url: str, form: QueryDict, signature: str) -> bool:
    """Whether Twilio's own validator accepts; odd characters are a mismatch, never an error."""
    try:
        urlsplit(url)
        return bool(RequestValidator(token).validate(url, form, signature))
    except ValueError:  # what cannot be encoded or taken apart was never signed
        return False
