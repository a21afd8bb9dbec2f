"""How a call is received: who may be connected, and what everybody else hears."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from calls import selectors
from calls.domain.answers import Answer, Connect, HangUp, Speak
from calls.domain.reasons import EndReason
from calls.domain.webhooks import VoiceWebhook, parse_voice_webhook
from calls.models import Call
from calls.models.choices import CallStatus
from calls.services.tokens import LIFE, new_token
from prompts import cache
from prompts.domain.agent import Fallback
from prompts.domain.fallback import build_fallback
from prompts.domain.kinds import Direction, Layer
from prompts.domain.layers import MissingPrompt, Started, Wording, compose
from prompts.domain.unspeakable import Unspeakable
from prompts.logs import event
from prompts.models import Business
from prompts.selectors import current_revision

logger = logging.getLogger(__name__)

# Words for a caller of whom we know no business, and never those of another business.
GENERAL = build_fallback(words="", number="", language=settings.LANGUAGE_CODE)

# One key for all processes: counting the live calls and adding one is a single step.
COUNTING_LOCK = 0x63616C6C73

UNKNOWN = "No business has the number in this webhook address."
INACTIVE = "The business is switched off."
OTHER_ACCOUNT = "The request names a Twilio account that is not TWILIO_ACCOUNT_SID."
OTHER_BUSINESS = "Our number of this call belongs to another business."
UNFINISHED = "A prompt and the details of the business do not fit together: review the prompt."
PAUSED = "The agent of this business is paused."
BUSY = "As many calls as MAX_CONCURRENT_CALLS allows were in progress."
SLOW = "The database was too slow to answer in time, so the caller heard the fallback words."
TOO_LATE = "The webhook came again after its time."


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a caller may be connected; without a reason against it, yes."""

    business_id: int | None
    started: Started | None
    fallback: Fallback
    reason: EndReason | None = None
    detail: str = ""


def answer_call(
    *,
    business_id: int,
    direction: Direction,
    form: Mapping[str, str],
    now: datetime,
    late_at: float = inf,
) -> Answer:
    """Decide about a call whose webhook passed the signature check, and keep a row of it.

    After ``late_at`` (of the monotonic clock) nobody waits for the answer any more.
    Raises `MalformedWebhook` when the form names no call. The words are read before the row's
    transaction begins, because they are read in a transaction of their own.
    """
    webhook = parse_voice_webhook(form)
    verdict = _judge(business_id, direction, webhook)
    try:
        with transaction.atomic():
            answer = _first_answer(webhook, direction, verdict, now)
            _refuse_if_late(webhook, late_at, now)
    except IntegrityError:  # the same call has a row already
        with transaction.atomic():
            answer = _answer_again(webhook, direction, verdict, now)
            _refuse_if_late(webhook, late_at, now)
    _report(answer, webhook, direction, business_id, verdict)
    return answer


def business_fallback(business_id: int | None, direction: Direction) -> Fallback:
    """The fallback of a business as it is now; the general one for an unknown business."""
    if business_id is None:
        return GENERAL
    try:
        revision = current_revision(business_id)
        return cache.wording(business_id, direction, at_least=revision).fallback
    except Business.DoesNotExist:
        return GENERAL


def _judge(business_id: int, direction: Direction, webhook: VoiceWebhook) -> Verdict:
    """Everything that may stand against a call, in order; the number of calls comes later."""
    inbound = direction is Direction.INBOUND
    our_number = webhook.to_number if inbound else webhook.from_number
    door = selectors.front_door(business_id, our_number)
    if door is None:
        return Verdict(None, None, GENERAL, EndReason.REFUSED, UNKNOWN)
    if settings.TWILIO_ACCOUNT_SID not in ("", webhook.account_sid):
        return Verdict(business_id, None, GENERAL, EndReason.REFUSED, OTHER_ACCOUNT)
    if door.number_owner not in (None, business_id):
        return Verdict(business_id, None, GENERAL, EndReason.REFUSED, OTHER_BUSINESS)
    # Reading the words warms the cache for the media socket that follows.
    wording = cache.wording(business_id, direction, at_least=door.revision)
    reason, detail = _against(wording, is_active=door.is_active)
    started = Started(revision=wording.revision, platform_revision=wording.platform_revision)
    return Verdict(business_id, started, wording.fallback, reason, detail)


def _against(wording: Wording, *, is_active: bool) -> tuple[EndReason | None, str]:
    """What in the business itself keeps its agent from answering."""
    if not is_active:
        return EndReason.REFUSED, INACTIVE
    if wording.paused:
        return EndReason.PAUSED, PAUSED
    try:
        compose(wording, context="")
    except MissingPrompt as missing:
        return EndReason.NO_PROMPT, _missing_sentence(missing)
    except Unspeakable:
        return EndReason.REFUSED, UNFINISHED
    return None, ""


def _missing_sentence(missing: MissingPrompt) -> str:
    if missing.layer is Layer.BUSINESS:
        return f"No {missing.direction.value} prompt is published."
    return f"The platform has no {missing.layer.value} prompt for {missing.direction.value} calls."


def _refuse_if_late(webhook: VoiceWebhook, late_at: float, now: datetime) -> None:
    """Close the row of a call whose caller heard the fallback while the database stood still."""
    if monotonic() < late_at:
        return
    call = Call.objects.get(sid=webhook.call_sid)
    if call.status == CallStatus.RECEIVED:
        _turn_away(call, EndReason.INTERNAL_ERROR, SLOW, now)
        call.save()


def _first_answer(
    webhook: VoiceWebhook, direction: Direction, verdict: Verdict, now: datetime
) -> Answer:
    """Add the row of a new call; a call that has one raises `IntegrityError`."""
    reason, detail = verdict.reason, verdict.detail
    if reason is None and _is_full(now):
        reason, detail = EndReason.BUSY, BUSY
    call = Call(
        sid=webhook.call_sid,
        account_sid=webhook.account_sid,
        business_id=verdict.business_id,
        direction=direction.value,
        from_number=webhook.from_number,
        to_number=webhook.to_number,
        started_at=now,
        started_revision=verdict.started.revision if verdict.started else None,
        started_platform_revision=verdict.started.platform_revision if verdict.started else None,
    )
    if reason is None:
        answer: Answer = _admit(call, verdict, now)
    else:
        _turn_away(call, reason, detail, now)
        answer = Speak(verdict.fallback, reason)
    call.save(force_insert=True)
    return answer


def _answer_again(
    webhook: VoiceWebhook, direction: Direction, verdict: Verdict, now: datetime
) -> Answer:
    """Answer a webhook that came before: Twilio repeats one whose answer was lost."""
    call = Call.objects.select_for_update().get(sid=webhook.call_sid)
    if (call.business_id, call.direction) != (verdict.business_id, direction.value):
        return HangUp()
    if call.status == CallStatus.REFUSED:
        return Speak(verdict.fallback, EndReason(call.end_reason))
    if call.status != CallStatus.RECEIVED or call.token_used_at is not None:
        return HangUp()
    if verdict.reason is not None:
        _turn_away(call, verdict.reason, verdict.detail, now)
        call.save()
        return Speak(verdict.fallback, verdict.reason)
    if now - call.started_at > LIFE:  # a repetition comes within seconds; this is a replay
        _turn_away(call, EndReason.NEVER_CONNECTED, TOO_LATE, now)
        call.status = CallStatus.ENDED
        call.save()
        return HangUp()
    answer = _admit(call, verdict, now)
    call.save()
    return answer


def _admit(call: Call, verdict: Verdict, now: datetime) -> Connect:
    """Give the call a new token, which makes the one before it void."""
    if call.business_id is None:
        raise ValueError("A call without a business cannot be connected.")
    token = new_token(now)
    call.token_hash, call.token_expires_at = token.digest, token.expires_at
    return Connect(
        token=token.text,
        call_sid=call.sid,
        business_id=call.business_id,
        fallback=verdict.fallback,
    )


def _turn_away(call: Call, reason: EndReason, detail: str, now: datetime) -> None:
    """Close the row of a call that the agent does not answer."""
    call.status, call.ended_at = CallStatus.REFUSED, now
    call.end_reason, call.end_detail = reason.value, detail
    call.token_hash = ""


def _is_full(now: datetime) -> bool:
    """Whether as many calls as allowed are live; no other process adds one until we commit."""
    if connection.vendor == "postgresql":  # SQLite has taken its write lock already
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING_LOCK])
    return selectors.live_calls(now).count() >= settings.MAX_CONCURRENT_CALLS


def _report(
    answer: Answer,
    webhook: VoiceWebhook,
    direction: Direction,
    business_id: int,
    verdict: Verdict,
) -> None:
    """Log what an operator would act on."""
    tell = partial(
        event, logger, business_id=business_id, direction=direction, call_sid=webhook.call_sid
    )
    match answer:
        case Speak(reason=EndReason.REFUSED):
            tell("call.refused", reason=verdict.detail or EndReason.REFUSED)
        case Speak(reason=reason):
            # None of the words stands, so the line has no version and no fingerprint.
            started = verdict.started
            tell(
                "call.fallback",
                reason=reason,
                revision=started.revision if started else None,
                version=None,
                fingerprint="",
                length=None,
            )
        case HangUp():
            tell("call.refused", reason="repeated")
        case Connect():
            pass
