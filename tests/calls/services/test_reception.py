"""Who is connected, who hears the fallback, and the row that each call leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from calls.domain.answers import Connect, HangUp, Speak
from calls.domain.reasons import EndReason
from calls.domain.webhooks import MalformedWebhook
from calls.models import Call
from calls.services import GENERAL, answer_call, consume_token, end_call, mark_connected
from prompts.domain.kinds import Direction
from prompts.models import Business, PhoneNumber
from tests.calls.desk import ACCOUNT, OURS, THEIRS, make_business, publish_into, sid, voice_form
from tests.factories import publish_text

pytestmark = pytest.mark.django_db(transaction=True)
IN, OUT = Direction.INBOUND, Direction.OUTBOUND
DESK = "+15005550177"  # a person
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(IN, OUT, fallback_number=DESK, fallback_words="One moment.")


def ask(business_id, form=None, direction=IN, now=NOW):
    return answer_call(
        business_id=business_id, direction=direction, form=form or voice_form(), now=now
    )


def test_a_call_is_connected_with_a_token_that_only_its_hash_recalls(business):
    answer = ask(business.pk)
    call = Call.objects.get()
    assert isinstance(answer, Connect)
    assert (answer.call_sid, answer.business_id) == (sid(), business.pk)
    assert answer.fallback.words == "One moment."
    assert len(answer.token) >= 43
    assert answer.token not in repr(vars(call))
    assert (call.status, call.end_reason, call.direction) == ("received", "", "inbound")
    assert (call.business_id, call.account_sid, call.to_number) == (business.pk, ACCOUNT, OURS)
    assert (call.started_at, call.token_expires_at) == (NOW, NOW + timedelta(seconds=60))
    assert (call.started_revision, call.started_platform_revision) == (
        business.revision,
        business.platform_revision,
    )


def test_a_warm_answer_takes_few_queries(business):
    ask(business.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask(business.pk, voice_form(sid(2)))
    words = [query["sql"].split()[0] for query in queries]
    assert words.count("SELECT") <= 3  # the business, the lock on Postgres, the live calls
    assert words.count("INSERT") == 1
    assert len(words) <= 6


@pytest.mark.parametrize("bad", ["", "CA", "CA" + "g" * 32, sid() + "0", "XX" + "0" * 32, "CA\x00"])
def test_a_webhook_that_names_no_call_leaves_no_row(business, bad):
    with pytest.raises(MalformedWebhook):
        ask(business.pk, voice_form() | {"CallSid": bad})
    assert not Call.objects.exists()


def refused(business_id, form=None, direction=IN):
    answer = ask(business_id, form, direction)
    call = Call.objects.get()
    assert isinstance(answer, Speak)
    assert answer.reason.value == call.end_reason
    assert (call.status, call.token_hash, call.ended_at) == ("refused", "", NOW)
    return answer, call


def test_an_unknown_business_hears_general_words(business):
    answer, call = refused(business.pk + 1000)
    assert (answer.fallback, answer.reason) == (GENERAL, EndReason.REFUSED)
    assert (call.business_id, call.end_detail[-1]) == (None, ".")


def test_a_business_id_that_no_database_holds_is_unknown():
    assert refused(10**30)[1].business_id is None


def test_a_business_that_is_switched_off_speaks_its_own_fallback(business):
    Business.objects.update(is_active=False)
    answer, call = refused(business.pk)
    assert (answer.fallback.words, answer.reason) == ("One moment.", EndReason.REFUSED)
    assert "switched off" in call.end_detail


def test_another_account_is_refused(business, settings):
    settings.TWILIO_ACCOUNT_SID = "AC" + "9" * 32
    assert refused(business.pk)[0].fallback == GENERAL


@pytest.mark.parametrize(("direction", "field"), [(IN, "To"), (OUT, "From")])
def test_a_number_of_another_business_is_refused(business, direction, field):
    other = make_business(IN, OUT, name="Florist", fallback_words="Florist here.")
    PhoneNumber.objects.create(business=other, number=THEIRS)
    form = voice_form() | {field: THEIRS}
    answer, call = refused(business.pk, form, direction)
    assert (answer.fallback, call.business_id) == (GENERAL, business.pk)


@pytest.mark.parametrize(("direction", "field"), [(IN, "From"), (OUT, "To")])
def test_the_other_party_may_have_the_number_of_a_business(business, direction, field):
    other = make_business(name="Florist")
    PhoneNumber.objects.create(business=other, number=THEIRS)
    PhoneNumber.objects.create(business=business, number=OURS)
    assert isinstance(ask(business.pk, voice_form() | {field: THEIRS}, direction), Connect)


def test_a_paused_agent_does_not_answer():
    business = make_business(IN, paused=True, fallback_words="We are away.")
    answer, call = refused(business.pk)
    assert (answer.fallback.words, answer.reason) == ("We are away.", EndReason.PAUSED)
    assert "paused" in call.end_sentence


def test_an_empty_slot_is_never_filled_from_another(caplog):
    business = make_business(OUT)
    caplog.set_level("INFO")
    answer, call = refused(business.pk)
    assert answer.reason is EndReason.NO_PROMPT
    assert call.end_detail == "No inbound prompt is published."
    assert call.end_sentence == "Not answered by the agent: no inbound prompt is published."
    assert {"prompt.missing", "call.fallback"} <= {r.__dict__.get("event") for r in caplog.records}


def test_words_that_cannot_be_put_together_give_the_fallback_of_the_business():
    business = make_business(fallback_words="One moment.")
    Business.objects.filter(pk=business.pk).update(agent_name="Ben")
    business.refresh_from_db()
    publish_text(business, "You are <<{{ agent_name }}.")
    Business.objects.filter(pk=business.pk).update(agent_name="<Ben>", revision=F("revision") + 1)
    answer, call = refused(business.pk)
    assert (answer.fallback.words, answer.reason) == ("One moment.", EndReason.REFUSED)
    assert "do not fit together" in call.end_sentence  # and not that no prompt is published


def test_a_call_that_nobody_waited_for_is_closed_with_the_reason(business):
    answer_call(business_id=business.pk, direction=IN, form=voice_form(), now=NOW, late_at=0)
    call = Call.objects.get()
    assert (call.status, call.end_reason) == ("refused", "internal_error")
    assert "too slow" in call.end_sentence
    assert call.token_hash == ""
    assert isinstance(ask(business.pk), Speak)  # Twilio's repetition hears the fallback too


def test_the_call_above_the_limit_is_turned_away(business, settings):
    settings.MAX_CONCURRENT_CALLS = 2
    answers = [ask(business.pk, voice_form(sid(n))) for n in (1, 2, 3)]
    assert [type(answer) for answer in answers] == [Connect, Connect, Speak]
    assert Call.objects.get(sid=sid(3)).end_reason == "busy"
    later = NOW + timedelta(seconds=61)  # nobody came with the tokens
    assert isinstance(ask(business.pk, voice_form(sid(4)), now=later), Connect)


def test_a_connected_call_holds_its_place_until_it_ends_or_is_lost(business, settings):
    settings.MAX_CONCURRENT_CALLS = 1
    admission = consume_token(ask(business.pk).token, NOW)
    assert mark_connected(admission.call_id, NOW)
    hour = NOW + timedelta(seconds=settings.MAX_CALL_SECONDS)
    assert isinstance(ask(business.pk, voice_form(sid(2)), now=hour), Speak)
    lost = hour + timedelta(seconds=61)
    assert isinstance(ask(business.pk, voice_form(sid(3)), now=lost), Connect)
    end_call(Call.objects.get(sid=sid(3)).pk, EndReason.CALLER_HUNG_UP, "", lost)
    assert isinstance(ask(business.pk, voice_form(sid(4)), now=lost), Connect)


def test_a_repeated_webhook_gets_a_new_token_and_the_old_one_is_void(business):
    first, second = ask(business.pk), ask(business.pk)
    assert consume_token(first.token, NOW) is None
    admission = consume_token(second.token, NOW)
    assert admission is not None
    assert Call.objects.count() == 1


@pytest.mark.parametrize("state", ["token used", "connected", "ended"])
def test_a_repeated_webhook_of_a_call_that_got_through_hangs_up(business, state):
    admission = consume_token(ask(business.pk).token, NOW)
    if state != "token used":
        mark_connected(admission.call_id, NOW)
    if state == "ended":
        end_call(admission.call_id, EndReason.AGENT_HUNG_UP, "", NOW)
    before = Call.objects.values().get()
    assert ask(business.pk) == HangUp()
    assert Call.objects.values().get() == before


def test_a_webhook_replayed_later_opens_nothing(business):
    token = ask(business.pk).token
    assert ask(business.pk, now=NOW + timedelta(hours=1)) == HangUp()
    call = Call.objects.get()
    assert (call.status, call.end_reason, call.token_hash) == ("ended", "never_connected", "")
    assert consume_token(token, NOW) is None


def test_a_repeated_webhook_of_a_refused_call_hears_the_same_again():
    business = make_business()
    assert ask(business.pk) == ask(business.pk)
    publish_into(business, IN)
    assert isinstance(ask(business.pk), Speak)
    assert Call.objects.get().end_reason == "no_prompt"


def test_a_pause_between_two_webhooks_of_a_call_counts(business):
    ask(business.pk)
    business.settings.paused = True
    business.settings.save()
    Business.objects.update(revision=business.revision + 1)
    assert ask(business.pk).reason is EndReason.PAUSED
    assert Call.objects.get().status == "refused"


@pytest.mark.parametrize("wrong", ["direction", "business"])
def test_a_call_cannot_change_its_direction_or_business(business, wrong):
    token = ask(business.pk).token
    before = Call.objects.values().get()
    if wrong == "direction":
        assert ask(business.pk, direction=OUT) == HangUp()
    else:
        assert ask(make_business(IN, name="Florist").pk) == HangUp()
    assert Call.objects.values().get() == before
    assert consume_token(token, NOW)


def test_odd_numbers_are_cleaned_and_capped(business):
    form = voice_form() | {"From": "sip:\x00\n" + "x" * 9000, "AccountSid": "\x00" + "A" * 99}
    ask(business.pk, form)
    call = Call.objects.get()
    assert call.from_number == "sip:" + "x" * 60
    assert len(call.account_sid) == 34
