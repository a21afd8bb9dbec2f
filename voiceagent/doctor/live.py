"""The accounts at OpenAI and Twilio, asked once; nothing is changed there and no call is made."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import Request, urlopen

import orjson
from asgiref.sync import async_to_sync
from django.conf import settings

from calls.live.openai_socket import ModelUnreachable, OpenAISocket, open_socket
from calls.simulator.model import stop_running
from prompts.admin.window import look
from prompts.domain.kinds import Direction
from prompts.models import PhoneNumber

from .findings import Finding, good, note, wrong

TWILIO = "https://api.twilio.com"
ANSWERED_WITHIN = 10.0  # seconds
INSTRUCTIONS = "This session checks a connection. Say nothing."
UPDATE = {
    "type": "session.update",
    "session": {"type": "realtime", "instructions": INSTRUCTIONS},
}


NETWORK = "Check this machine's internet connection, its DNS and its proxy"


class Unexpected(Exception):
    """An account answered something else; the text is a sentence without secrets."""


class Unreached(Unexpected):
    """No answer came at all, so that keys and tokens have nothing to do with it."""


def model_answers() -> Finding:
    """One session with the model: created, updated, the same words echoed; nothing is spoken."""
    about = "Model, live"
    who = "The simulator" if settings.SIMULATE_MODEL else settings.OPENAI_REALTIME_MODEL
    try:
        async_to_sync(_one_session_and_no_more)()
    except ModelUnreachable as error:
        return wrong(about, str(error), _remedy_for_model(error))
    except (Unexpected, TimeoutError) as error:
        late = f"It did not answer within {ANSWERED_WITHIN:g} seconds."
        sentence = str(error).replace(settings.OPENAI_API_KEY or " ", " ") or late
        return wrong(about, sentence, "Try again; see the status page of the service.")
    return good(about, f"{who} opened a session and confirmed its instructions.")


def _remedy_for_model(error: ModelUnreachable) -> str:
    """A refusal names the status of an HTTP answer; a network failure has none."""
    if " status " in str(error):
        return "Compare OPENAI_API_KEY, OPENAI_REALTIME_URL and _MODEL."
    return f"{NETWORK}; if OPENAI_REALTIME_URL is set, compare it."


async def _one_session_and_no_more() -> None:
    try:
        await _one_session()
    finally:
        if settings.SIMULATE_MODEL:
            await stop_running()  # the loop ends here, and the simulator lives in it


async def _one_session() -> None:
    async with asyncio.timeout(ANSWERED_WITHIN):
        async with open_socket(settings.OPENAI_REALTIME_MODEL) as socket:
            events = _events(socket)
            await _expect(events, "session.created")
            socket.send(orjson.dumps(UPDATE))
            updated = await _expect(events, "session.updated")
    if updated.get("session", {}).get("instructions") != INSTRUCTIONS:
        raise Unexpected("It confirmed other instructions than those that were sent.")


async def _events(socket: OpenAISocket) -> AsyncIterator[dict[str, Any]]:
    async for message in socket:
        yield orjson.loads(message)
    raise Unexpected(socket.close_reason)


async def _expect(events: AsyncIterator[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The next event of a type; an error event ends the wait."""
    async for event in events:
        if event.get("type") == "error":
            raise Unexpected(f"It answered with the error {event['error'].get('code')!r}.")
        if event.get("type") == wanted:
            return event
    raise Unexpected(f"The socket closed before {wanted}.")


def look_at_twilio() -> Iterator[Finding]:
    """The account, and where each of our numbers sends its calls."""
    about = "Twilio, live"
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKENS):
        yield note(
            about,
            "It was not asked: there is no account.",
            "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
        )
        return
    try:
        account = _ask("")
        trial = " It is a trial account." if account.get("type") == "Trial" else ""
        if account.get("status") != "active":
            yield wrong(
                about,
                f"The account is {account.get('status')}.",
                "Open the console of your Twilio account.",
            )
        else:
            yield good(about, f"The account is active.{trial}")
        for number in PhoneNumber.objects.select_related("business").order_by("pk"):
            yield _number(number)
    except Unreached as error:
        yield wrong(about, str(error), f"{NETWORK}; if TWILIO_API_BASE_URL is set, compare it.")
    except Unexpected as error:
        yield wrong(about, str(error), "Compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")


def _number(number: PhoneNumber) -> Finding:
    """Whether Twilio sends the calls of a number to its business."""
    about = f"{number.business.name} (business {number.business_id}), {number.number} at Twilio"
    wanted = look().webhook_address(number.business_id, Direction.INBOUND)
    found = _ask("/IncomingPhoneNumbers", PhoneNumber=number.number)
    owned = [
        one
        for one in found.get("incoming_phone_numbers", [])
        if one.get("phone_number") == number.number
    ]
    if not owned:
        return wrong(
            about,
            "The account does not have this number.",
            "Buy it at Twilio, or remove it in the admin.",
        )
    url, method = owned[0].get("voice_url"), owned[0].get("voice_method")
    if (url, method) == (wanted, "POST"):
        return good(about, "Its calls come to this business.")
    return wrong(
        about,
        f"Its calls go to {_without_login(url) or 'nowhere'} ({method}).",
        f"At “A call comes in” enter {wanted} with HTTP POST.",
    )


def _without_login(url: object) -> str:
    """An address as it can be shown: it may carry a password."""
    parts = urlsplit(str(url or ""))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _ask(path: str, **query: str) -> dict[str, Any]:
    """One question to Twilio's REST interface; raises `Unexpected`, never with a secret in it."""
    account = settings.TWILIO_ACCOUNT_SID
    base = settings.TWILIO_API_BASE_URL.rstrip("/") or TWILIO
    url = f"{base}/2010-04-01/Accounts/{account}{path}.json"
    login = base64.b64encode(f"{account}:{settings.TWILIO_AUTH_TOKENS[0]}".encode()).decode()
    request = Request(  # noqa: S310  # the scheme is checked where the setting is read
        f"{url}?{urlencode(query)}" if query else url, headers={"Authorization": f"Basic {login}"}
    )
    try:
        with urlopen(request, timeout=ANSWERED_WITHIN) as answer:  # noqa: S310
            content: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        error.close()
        raise Unexpected(f"Twilio answered with status {error.code}.") from None
    except (URLError, TimeoutError, ConnectionError) as error:
        raise Unreached(f"Twilio could not be reached ({type(error).__name__}).") from None
    except ValueError:
        raise Unexpected("Twilio's answer was no JSON.") from None
    return content
