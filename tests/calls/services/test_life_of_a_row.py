"""Tokens, status callbacks and ends of a call's row."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from calls import selectors
from calls.domain.answers import HangUp, PutThrough, Speak
from calls.domain.reasons import EndReason
from calls.domain.webhooks import MalformedWebhook
from calls.models import Call, WebhookRefusal
from calls.services import (
    GENERAL,
    answer_call,
    answer_stream_ended,
    apply_status,
    consume_token,
    end_call,
    mark_connected,
    record_refusal,
)
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started
from prompts.services.settings import change_settings
from tests.calls.desk import ACCOUNT, make_business, sid, voice_form

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def business():
    return make_business(Direction.INBOUND, fallback_words="One moment.")


@pytest.fixture
def token(business) -> str:
    return answer_call(
        business_id=business.pk, direction=Direction.INBOUND, form=voice_form(), now=NOW
    ).token


def call() -> Call:
    return Call.objects.get(sid=sid())


def connected(token) -> Call:
    admission = consume_token(token, NOW)
    assert mark_connected(admission.call_id, NOW, "MZ" + "0" * 32)
    return call()


def status(word: str, **fields: str) -> bool:
    form = {"CallSid": sid(), "AccountSid": ACCOUNT, "CallStatus": word} | fields
    return apply_status(form=form, now=NOW + timedelta(seconds=30))


def test_a_token_lets_in_once_and_says_whom(business, token):
    admission = consume_token(token, NOW + timedelta(seconds=59))
    assert (admission.call_sid, admission.account_sid) == (sid(), ACCOUNT)
    assert (admission.business_id, admission.direction) == (business.pk, Direction.INBOUND)
    assert admission.started == Started(business.revision, business.platform_revision)
    assert (admission.call_id, admission.began_at) == (call().pk, NOW)
    assert consume_token(token, NOW) is None


def test_a_token_expires_after_a_minute(token):
    assert consume_token(token, NOW + timedelta(seconds=60)) is None


@pytest.mark.parametrize("guess", ["", "x", "\x00", "\ud800", "ש", "a" * 10_000])
def test_a_guessed_token_opens_nothing(token, guess):
    assert consume_token(guess, NOW) is None


def test_a_token_of_a_call_that_is_over_opens_nothing(token):
    end_call(call().pk, EndReason.NEVER_CONNECTED, "", NOW)
    assert consume_token(token, NOW) is None
    assert not mark_connected(call().pk, NOW)


def test_the_first_reason_of_an_end_stands(token):
    row, end = connected(token), NOW + timedelta(seconds=42)
    assert end_call(row.pk, EndReason.AGENT_HUNG_UP, "The agent said goodbye.", end)
    assert not end_call(row.pk, EndReason.INTERNAL_ERROR, "", end)
    row.refresh_from_db()
    assert (row.status, row.end_reason, row.ended_at) == ("ended", "agent_hung_up", end)
    assert (row.duration_seconds, row.end_detail) == (42, "The agent said goodbye.")
    assert not end_call(10**6, EndReason.INTERRUPTED, "", end)


def test_completed_alone_ends_an_open_call(token):
    connected(token)
    assert status("completed", CallDuration="31")
    assert (call().status, call().end_reason, call().duration_seconds) == (
        "ended",
        "caller_hung_up",
        31,
    )


@pytest.mark.parametrize("word", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_a_call_that_never_connected_says_so(token, word):
    assert status(word)
    assert (call().status, call().end_reason) == ("ended", "never_connected")


EVENTS = [
    ("initiated", "0"),
    ("ringing", "1"),
    ("in-progress", "2"),
    ("completed", "3"),
]


@pytest.mark.parametrize("order", list(permutations(EVENTS)))
def test_callbacks_in_any_order_and_twice_come_to_the_same_end(token, order):
    connected(token)
    for word, number in [*order, *order]:
        status(word, SequenceNumber=number, CallDuration="7" if word == "completed" else "")
    row = call()
    assert (row.twilio_status, row.twilio_sequence) == ("completed", 3)
    assert (row.status, row.end_reason, row.duration_seconds) == ("ended", "caller_hung_up", 7)


def test_old_news_and_other_peoples_news_change_nothing(token):
    assert status("in-progress", SequenceNumber="2")
    before = Call.objects.values().get()
    assert not status("ringing", SequenceNumber="1")
    assert not status("in-progress", SequenceNumber="2")
    assert not status("completed", AccountSid="AC" + "9" * 32)
    assert not status("exploded", SequenceNumber="9")
    assert not status("completed", CallSid=sid(77))
    assert Call.objects.values().get() == before
    with pytest.raises(MalformedWebhook):
        status("completed", CallSid="nonsense")


def test_a_status_never_overwrites_our_own_reason(token):
    end_call(connected(token).pk, EndReason.MODEL_LOST, "The voice service was lost.", NOW)
    assert status("completed", SequenceNumber="99999999999", CallDuration="-5")
    assert (call().end_reason, call().twilio_status) == ("model_lost", "completed")


def after_stream(*, give_up: bool = False, call_sid: str = "", business_id: int | None = None):
    return answer_stream_ended(
        call_sid=call_sid or sid(), business_id=business_id, now=NOW, give_up=give_up
    )


@pytest.mark.parametrize("reason", set(EndReason) - {EndReason.TRANSFER})
def test_only_a_normal_end_hangs_up(token, reason):
    end_call(connected(token).pk, reason, "", NOW)
    answer = after_stream()
    if reason.is_normal:
        assert answer == HangUp()
    else:
        assert (answer.fallback.words, answer.reason) == ("One moment.", reason)


@pytest.mark.parametrize("number", ["+15005550111", ""])
def test_a_caller_is_put_through_to_the_number_of_now_and_nowhere_else(token, business, number):
    end_call(connected(token).pk, EndReason.TRANSFER, "They ask for the owner.", NOW)
    change_settings(
        business=business, changes={"fallback_number": number}, actor=None, reason="A test"
    )
    answer = after_stream()
    if number:
        assert answer == PutThrough(number)
    else:
        assert (answer.fallback.words, answer.reason) == ("One moment.", EndReason.TRANSFER)


def test_an_end_that_may_still_be_written_is_waited_for(token):
    connected(token)
    assert after_stream() is None
    answer = after_stream(give_up=True)
    assert isinstance(answer, Speak)
    assert (call().status, call().end_reason) == ("ended", "interrupted")


def test_a_stream_that_never_came_is_not_waited_for(token):
    assert after_stream().reason is EndReason.NEVER_CONNECTED
    assert (call().status, call().end_reason) == ("ended", "never_connected")


def test_an_unknown_call_hears_the_words_of_the_business_in_the_address(business):
    answer = after_stream(call_sid=sid(9), business_id=business.pk)
    assert answer.fallback.words == "One moment."
    assert after_stream(call_sid=sid(9)).fallback == GENERAL
    assert after_stream(call_sid=sid(9), business_id=10**18).fallback == GENERAL


def test_the_last_ten_refusals_of_each_business_are_kept():
    for number in range(13):
        for business_id in (1, 2, None):
            record_refusal(business_id=business_id, path="/x" * 500, cause=str(number), at=NOW)
    assert WebhookRefusal.objects.count() == 30
    causes = [refusal.cause for refusal in selectors.refusals_of(1)]
    assert causes == [str(number) for number in range(12, 2, -1)]


def test_the_calls_of_a_business_are_its_own(business, token):
    assert list(selectors.calls_of(business.pk)) == [call()]
    assert selectors.last_webhook_at(business.pk) == NOW
    assert not selectors.calls_of(business.pk + 1)
    assert selectors.last_webhook_at(business.pk + 1) is None
