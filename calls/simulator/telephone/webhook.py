"""Twilio's requests to a server: form posts, signed with the account's token."""

import asyncio
import http
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import urlopen

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

TIMEOUT = 15  # seconds; Twilio waits no longer


class Unreachable(Exception):
    """Nobody answers at the address; the message says so to a person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: str

    @property
    def is_twiml(self) -> bool:
        """Whether it can be the answer of a voice webhook at all."""
        return self.status == http.HTTPStatus.OK and "xml" in self.content_type


@dataclass(frozen=True, slots=True)
class Server:
    """The server under test: where it is, and where it believes to be.

    ``public_base_url`` is what its ``PUBLIC_BASE_URL`` says; addresses are signed as it says and
    reached at ``base_url``.
    """

    base_url: str
    public_base_url: str
    auth_token: str

    async def post(self, address: str, form: Mapping[str, str]) -> Answer:
        """Post a form, signed when there is a token; ``address`` may be relative."""
        public = urljoin(f"{self.public_base_url}/", address)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | self.signature(
            public, form
        )
        return await asyncio.to_thread(_post, self.reachable(public), urlencode(form), headers)

    def signature(self, url: str, form: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the header that proves a request to ``url``; nothing without a token."""
        if not self.auth_token:
            return {}
        validator = RequestValidator(self.auth_token)
        signature: str = validator.compute_signature(url, dict(form or {}))
        return {"X-Twilio-Signature": signature}

    def reachable(self, url: str) -> str:
        """Return the address at which ``url`` can be reached from here."""
        for public, base in (
            (self.public_base_url, self.base_url),
            (_as_websocket(self.public_base_url), _as_websocket(self.base_url)),
        ):
            if url.startswith(f"{public}/"):
                return base + url.removeprefix(public)
        return url


def is_voiceagent(base_url: str) -> bool:
    """Whether a server of this project answers at an http address, within three seconds."""
    try:
        with urlopen(f"{base_url.rstrip('/')}/healthz", timeout=3) as answer:  # noqa: S310
            return bool(json.load(answer) == {"status": "ok"})
    except (OSError, http.client.HTTPException, ValueError):
        return False


def _as_websocket(base_url: str) -> str:
    return "ws" + base_url.removeprefix("http")


def _post(url: str, body: str, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise Unreachable(f"{url} is not an http address.")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        return Answer(response.status, response.headers.get("Content-Type", ""), text)
    except (OSError, http.client.HTTPException) as error:
        place = f"{parts.scheme}://{parts.netloc}"
        raise Unreachable(f"No server answers at {place} ({error}).") from error
    finally:
        connection.close()
