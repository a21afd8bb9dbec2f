"""The webhooks that Twilio calls: what to do with a call, and news of it."""

import asyncio
import logging
from functools import partial
from time import monotonic

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from calls.domain.answers import Answer, Connect, HangUp, PutThrough, Speak
from calls.domain.webhooks import parse_call_sid
from calls.services import GENERAL, answer_call, answer_stream_ended, apply_status
from calls.twilio import twiml
from calls.twilio.memory import FallbackMemory
from calls.twilio.requests import from_twilio
from calls.twilio.threads import database
from prompts.domain.kinds import Direction
from prompts.logs import event

logger = logging.getLogger(__name__)

Form = dict[str, str]

ANSWER_SECONDS = 4.0
STREAM_ENDED_SECONDS = 2.0
# The live call may be writing its end while Twilio asks how to go on.
PAUSES = (0.1, 0.2, 0.3, 0.4)

memory = FallbackMemory(GENERAL)


@from_twilio
async def incoming(_request: HttpRequest, form: Form, business_id: int) -> HttpResponse:
    """A customer calls the business."""
    return await _answer(form, business_id, Direction.INBOUND)


@from_twilio
async def outbound(_request: HttpRequest, form: Form, business_id: int) -> HttpResponse:
    """A call that the business placed was answered."""
    return await _answer(form, business_id, Direction.OUTBOUND)


@from_twilio
async def stream_ended(request: HttpRequest, form: Form) -> HttpResponse:
    """The media socket of a call is gone, and Twilio asks how the call goes on."""
    call_sid, business_id = parse_call_sid(form), _business_id(request)
    try:
        async with asyncio.timeout(STREAM_ENDED_SECONDS):
            return _document(await _after_stream(call_sid, business_id), business_id)
    except (TimeoutError, DatabaseError):
        return _without_database(business_id, call_sid)
    except Exception:
        logger.exception("The end of a stream could not be answered.")
        return _without_database(business_id, call_sid)


@from_twilio
async def status(_request: HttpRequest, form: Form) -> HttpResponse:
    """News of a call; the body of the answer changes nothing."""
    work = partial(apply_status, form=form, now=timezone.now())
    try:
        await database.run(work, within=ANSWER_SECONDS)
    except (TimeoutError, DatabaseError):
        return HttpResponse("The database does not answer.\n", "text/plain", status=503)
    return HttpResponse(status=204)


@from_twilio
async def stream_status(_request: HttpRequest, form: Form) -> HttpResponse:
    """News of a media stream; only its errors are of interest."""
    if form.get("StreamEvent") == "stream-error":
        call_sid, error = parse_call_sid(form), form.get("StreamError", "")
        logger.warning("Twilio reports a stream error for %s: %.200r", call_sid, error)
    return HttpResponse(status=204)


async def _answer(form: Form, business_id: int, direction: Direction) -> HttpResponse:
    """The decision about a call, or the fallback when it cannot be made in time."""
    call_sid = parse_call_sid(form)
    work = partial(
        answer_call,
        business_id=business_id,
        direction=direction,
        form=form,
        now=timezone.now(),
        late_at=monotonic() + ANSWER_SECONDS,
    )
    try:
        return _document(await database.run(work, within=ANSWER_SECONDS), business_id)
    except (TimeoutError, DatabaseError):
        return _without_database(business_id, call_sid, direction)
    except Exception:
        logger.exception("A voice webhook could not be answered.")
        return _without_database(business_id, call_sid, direction)


async def _after_stream(call_sid: str, business_id: int | None) -> Answer:
    """The answer by the recorded end, which is waited for a moment."""
    ask = partial(answer_stream_ended, call_sid=call_sid, business_id=business_id)
    for pause in PAUSES:
        work = partial(ask, now=timezone.now(), give_up=False)
        answer = await database.run(work, within=STREAM_ENDED_SECONDS)
        if answer is not None:
            return answer
        await asyncio.sleep(pause)
    last = partial(ask, now=timezone.now(), give_up=True)
    return await database.run(last, within=STREAM_ENDED_SECONDS) or HangUp()


def _document(answer: Answer, business_id: int | None) -> HttpResponse:
    """The answer as TwiML; the fallback that came with it is remembered for worse days."""
    match answer:
        case Connect():
            memory.remember(answer.business_id, answer.fallback)
            return _xml(twiml.connect(answer.token, answer.business_id))
        case Speak():
            if business_id is not None and answer.fallback is not GENERAL:
                memory.remember(business_id, answer.fallback)
            return _xml(twiml.speak(answer.fallback))
        case PutThrough():
            return _xml(twiml.put_through(answer.number))
        case HangUp():
            return _xml(twiml.hang_up())


def _without_database(
    business_id: int | None, call_sid: str, direction: Direction | None = None
) -> HttpResponse:
    """The fallback as this process last saw it."""
    event(
        logger,
        "call.fallback",
        level=logging.ERROR,
        reason="no_database",
        direction=direction,
        business_id=business_id,
        call_sid=call_sid,
    )
    return _xml(twiml.speak(memory.recall(business_id)))


def _xml(document: str) -> HttpResponse:
    """A TwiML document with its length, because Twilio takes no chunked answers."""
    response = HttpResponse(document, content_type="text/xml; charset=utf-8")
    response["Content-Length"] = str(len(response.content))
    return response


def _business_id(request: HttpRequest) -> int | None:
    """The business in the address of our own <Redirect>."""
    text = request.GET.get("business", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
