"""Businesses with prompts, and Twilio's signed requests, for the tests of Twilio's door."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from asgiref.sync import sync_to_async
from django.db import connections, transaction
from django.http import HttpResponse, QueryDict
from django.test import AsyncClient, AsyncRequestFactory
from django.urls import resolve
from twilio.request_validator import RequestValidator

from prompts.domain.kinds import Apply, Channel, Direction, Layer
from prompts.models import Business, BusinessSettings, Prompt, Release
from prompts.services.revision import lock_business, raise_revision
from prompts.services.slots import Move, Text, move_slot, write_version
from tests import factories

BASE = "https://voice.example.com"
TOKEN = "t" * 32
ACCOUNT = "AC" + "0" * 32
OURS, THEIRS = "+15005550101", "+15005550199"


def sid(number: int = 1) -> str:
    return f"CA{number:032x}"


def make_business(*directions: Direction, name: str = "Bakery", **settings: object) -> Business:
    """A business with a published prompt for each of ``directions``."""
    business = factories.make_business(name)
    BusinessSettings.objects.filter(business=business).update(**settings)
    for direction in directions:
        publish_into(business, direction)
    business.refresh_from_db()
    return business


def publish_into(
    business: Business, direction: Direction, channel: Channel = Channel.CALLS, text: str = ""
) -> None:
    """Put words in force that name their slot, on any channel."""
    words = Text(text or f"Words of {business.name} {direction.value} {channel.value}.")
    with transaction.atomic():
        locked = lock_business(business)
        slot, _created = Prompt.objects.get_or_create(
            layer=Layer.BUSINESS.value,
            business=business,
            direction=direction.value,
            channel=channel.value,
        )
        version = write_version(slot, words, "test", None)
        revision = raise_revision(locked, "published")
        move_slot(slot, version, Move(Release.Kind.PUBLISH, Apply.LIVE, "test", revision, None))


def voice_form(call_sid: str = "", **fields: str) -> dict[str, str]:
    """The form of a voice webhook; the same number is both ends' own, whoever called."""
    form = {
        "CallSid": call_sid or sid(),
        "AccountSid": ACCOUNT,
        "From": OURS,
        "To": OURS,
        "CallStatus": "ringing",
        "CallerName": "",
    }
    return form | fields


async def post(
    path: str,
    form: dict[str, str],
    *,
    token: str = TOKEN,
    signature: str | None = None,
    **headers: str,
) -> HttpResponse:
    """Post a form as Twilio does, signed over the public address."""
    request = _signed(path, form, token, signature)
    request["headers"] |= headers
    response = await AsyncClient().post(path, **request)
    assert isinstance(response, HttpResponse)
    return response


async def post_to_view(
    path: str, form: dict[str, str], *, token: str = TOKEN, signature: str | None = None
) -> HttpResponse:
    """The same, straight to the view: several at once do not wait for each other."""
    request = AsyncRequestFactory().post(path, **_signed(path, form, token, signature))
    place = resolve(request.path)
    response = await place.func(request, **place.kwargs)
    assert isinstance(response, HttpResponse)
    return response


def _signed(path: str, form: dict[str, str], token: str, signature: str | None) -> dict[str, Any]:
    body = urlencode(form)
    if signature is None:
        signature = RequestValidator(token).compute_signature(BASE + path, QueryDict(body))
    return {
        "data": body,
        "content_type": "application/x-www-form-urlencoded",
        # A header is bytes on the wire, and arrives as Latin-1.
        "headers": {"X-Twilio-Signature": signature.encode().decode("latin-1")},
    }


def verbs(response: HttpResponse) -> list[str]:
    """The names of the verbs of a TwiML answer."""
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/xml")
    assert response["Content-Length"] == str(len(response.content))
    return [verb.tag for verb in ET.fromstring(response.content)]


def token_in(response: HttpResponse) -> str:
    """The token of the media socket that the answer opens."""
    stream = ET.fromstring(response.content).find("Connect/Stream")
    assert stream is not None
    return stream.attrib["url"].rsplit("/", 1)[1]


def in_database(work: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """The work as an asynchronous test does it; its connection is given back afterwards."""

    @sync_to_async
    def run(*args: object, **kwargs: object) -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return run
