"""Placing a call as Twilio does: a signed webhook, its TwiML, the address of the media socket."""

import asyncio
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from twilio.request_validator import RequestValidator

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "only-for-the-bench"
NUMBER = "+15005550101"  # of the first demo business
WEBHOOK = "/twiml/incoming/1"
STREAM = re.compile(r'<Stream [^>]*url="ws://[^/"]+([^"]+)"')


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the webhook's answer says, and how long it took."""

    call_sid: str
    path: str
    seconds: float


async def dial(host: str, port: int) -> Admitted:
    """Post the webhook of a new call; raises ConnectionError when it is not connected."""
    call_sid = f"CA{uuid4().hex}"
    request = _request(f"{host}:{port}", call_sid)
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        answer = (await reader.read()).decode()
    finally:
        writer.close()
    seconds = time.monotonic() - began
    stream = STREAM.search(answer)
    if stream is None:
        raise ConnectionError(f"A webhook was answered with: {answer[:300]!r}")
    return Admitted(call_sid, stream.group(1), seconds)


def _request(host: str, call_sid: str) -> bytes:
    form = {
        "CallSid": call_sid,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": "+12125550142",
        "To": NUMBER,
    }
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"http://{host}{WEBHOOK}", form)
    body = urlencode(form)
    return (
        f"POST {WEBHOOK} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    ).encode()
