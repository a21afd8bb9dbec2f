"""What Twilio's webhooks say, taken from their form fields."""

import re
from collections.abc import Mapping

from msgspec import Struct

CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
KNOWN = TERMINAL | {"queued", "initiated", "ringing", "in-progress"}
MAX_COUNT = 2**31 - 1


class MalformedWebhook(Exception):
    """A webhook that names no call."""


class VoiceWebhook(Struct, frozen=True):
    """A call that asks what to do."""

    call_sid: str
    account_sid: str
    from_number: str
    to_number: str


class StatusCallback(Struct, frozen=True):
    """News of a call; ``sequence`` and ``seconds`` are ``None`` where Twilio sent none."""

    call_sid: str
    account_sid: str
    status: str
    sequence: int | None
    seconds: int | None

    @property
    def is_known(self) -> bool:
        """Whether the status is one that Twilio documents."""
        return self.status in KNOWN

    @property
    def is_final(self) -> bool:
        """Whether the call is over for Twilio."""
        return self.status in TERMINAL


def parse_call_sid(form: Mapping[str, str]) -> str:
    """The call's SID: CA and 32 hexadecimal digits."""
    sid = form.get("CallSid", "")
    if not CALL_SID.fullmatch(sid):
        raise MalformedWebhook("The request names no call: CallSid is missing or not a call SID.")
    return sid


def parse_voice_webhook(form: Mapping[str, str]) -> VoiceWebhook:
    """A voice webhook; numbers are cleaned and capped, because a caller chooses some of them."""
    return VoiceWebhook(
        call_sid=parse_call_sid(form),
        account_sid=_clean(form.get("AccountSid", ""), 34),
        from_number=_clean(form.get("From", ""), 64),
        to_number=_clean(form.get("To", ""), 64),
    )


def parse_status_callback(form: Mapping[str, str]) -> StatusCallback:
    """A status callback."""
    return StatusCallback(
        call_sid=parse_call_sid(form),
        account_sid=_clean(form.get("AccountSid", ""), 34),
        status=_clean(form.get("CallStatus", ""), 16),
        sequence=_count(form.get("SequenceNumber", "")),
        seconds=_count(form.get("CallDuration", "")),
    )


def _clean(value: str, limit: int) -> str:
    return CONTROL.sub("", value)[:limit]


def _count(value: str) -> int | None:
    """A number that fits its column, or ``None``."""
    if not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII):
        return None
    number = int(value)
    return number if number <= MAX_COUNT else None
