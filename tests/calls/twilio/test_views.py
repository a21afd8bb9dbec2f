"""Twilio's webhooks, from the signed request to the document it is answered with."""

import logging
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone

from calls.domain.reasons import EndReason
from calls.models import Call
from calls.services import GENERAL, consume_token, end_call, mark_connected
from calls.twilio import views
from calls.twilio.memory import FallbackMemory
from prompts.domain.kinds import Channel, Direction
from tests.calls.desk import (
    BASE,
    THEIRS,
    TOKEN,
    in_database,
    make_business,
    post,
    publish_into,
    sid,
    token_in,
    verbs,
    voice_form,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DOOR = "calls.twilio.middleware.twilio_door"
SLOTS = list(product(Direction, Channel))


@pytest.fixture(autouse=True)
def _twilio(settings, monkeypatch):
    settings.PUBLIC_BASE_URL = BASE
    settings.TWILIO_AUTH_TOKENS = (TOKEN, "other" * 6)
    monkeypatch.setattr(views, "memory", FallbackMemory(GENERAL))


@pytest.fixture
def business():
    return make_business(*Direction, fallback_words="One moment.", fallback_number=THEIRS)


count_calls = in_database(Call.objects.count)
call_of = in_database(lambda number=1: Call.objects.get(sid=sid(number)))
admit, mark, end = map(in_database, (consume_token, mark_connected, end_call))
publish = in_database(publish_into)
make = in_database(make_business)


@pytest.mark.parametrize("route", ["incoming", "outbound"])
async def test_a_signed_webhook_is_connected(business, route):
    answer = await post(f"/twiml/{route}/{business.pk}", voice_form())
    assert verbs(answer) == ["Connect", "Redirect"]
    stream, redirect = ET.fromstring(answer.content).iter("Stream"), "Redirect"
    assert next(stream).attrib["url"].startswith("wss://voice.example.com/media-stream/")
    assert ET.fromstring(answer.content).findtext(redirect) == (
        f"{BASE}/twilio/stream-ended?business={business.pk}"
    )
    direction = {"incoming": "inbound", "outbound": "outbound"}[route]
    assert (await call_of()).direction == direction
    assert (await admit(token_in(answer), timezone.now())).direction == direction


async def test_the_second_token_is_good_too(business):
    path = f"/twiml/incoming/{business.pk}"
    assert verbs(await post(path, voice_form(), token="other" * 6)) == ["Connect", "Redirect"]


@pytest.mark.parametrize("host", ["app:8000", "10.0.0.7", "_odd_", "evil.example.com"])
async def test_what_a_proxy_or_a_forger_says_of_the_host_changes_nothing(business, host):
    headers = {"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "gopher"}
    answer = await post(f"/twiml/incoming/{business.pk}", voice_form(), **headers)
    assert verbs(answer) == ["Connect", "Redirect"]
    assert host.encode() not in answer.content


async def test_the_door_is_for_twilio_alone(settings):
    settings.MIDDLEWARE = [DOOR]
    assert (await AsyncClient().get("/healthz")).status_code == 200
    assert (await AsyncClient().post("/twiml/nowhere/1")).status_code == 404


def test_the_door_opens_for_synchronous_servers_too(business):
    client = Client(headers={"Host": "app:8000"})
    assert client.post(f"/twiml/incoming/{business.pk}", voice_form()).status_code == 403
    assert client.get("/twilio/status").status_code == 405
    assert client.get("/healthz").status_code == 400


@pytest.mark.parametrize("signature", ["wrong", "", "חתימה", "\x00", "=" * 5000])
async def test_a_wrong_signature_is_refused_without_a_row(business, caplog, signature):
    answer = await post(f"/twiml/incoming/{business.pk}", voice_form(), signature=signature)
    assert answer.status_code == 403
    assert answer.content.decode().strip().endswith(".")
    assert "Traceback" not in caplog.text
    assert await count_calls() == 0


async def test_a_missing_signature_is_refused_without_a_row(business):
    answer = await AsyncClient().post(f"/twiml/incoming/{business.pk}", voice_form())
    assert answer.status_code == 403
    assert await count_calls() == 0


async def test_a_body_is_not_read_beyond_its_limit(business):
    form = voice_form(CallerName="x" * 70_000)
    answer = await post(f"/twiml/incoming/{business.pk}", form)
    assert answer.status_code == 413
    many = {str(number): "" for number in range(1100)}
    assert (await post(f"/twiml/incoming/{business.pk}", many, signature="any")).status_code == 413
    assert await count_calls() == 0


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
async def test_only_post_is_answered(business, method):
    answer = await getattr(AsyncClient(), method)(f"/twiml/incoming/{business.pk}")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/twiml/incoming/1", "/twilio/status", "/twilio/stream-ended"])
async def test_a_webhook_that_names_no_call_is_refused_in_a_sentence(path, caplog):
    answer = await post(path, voice_form() | {"CallSid": "CA1"})
    assert (answer.status_code, answer.content[-2:]) == (400, b".\n")
    assert "Traceback" not in caplog.text
    assert await count_calls() == 0


@pytest.mark.parametrize("business_id", ["999999", "9" * 40])
async def test_an_unknown_business_hears_general_words(business_id):
    answer = await post(f"/twiml/incoming/{business_id}", voice_form())
    assert verbs(answer) == ["Say", "Hangup"]
    assert (await call_of()).end_reason == "refused"


async def test_a_replayed_webhook_of_a_call_that_ended_hangs_up(business):
    path = f"/twiml/incoming/{business.pk}"
    admission = await admit(token_in(await post(path, voice_form())), timezone.now())
    await mark(admission.call_id, timezone.now())
    assert verbs(await post(path, voice_form())) == ["Hangup"]
    await end(admission.call_id, EndReason.AGENT_HUNG_UP, "", timezone.now())
    assert verbs(await post(path, voice_form())) == ["Hangup"]


@pytest.mark.parametrize("filled", range(2 ** len(SLOTS)))
async def test_an_empty_slot_gives_the_fallback_and_never_the_words_of_another(filled, caplog):
    caplog.set_level(logging.INFO)
    present = [slot for bit, slot in enumerate(SLOTS) if filled >> bit & 1]
    business = await make(fallback_words="One moment.")
    for direction, channel in present:
        await publish(business, direction, channel, "secretword")
    for number, (route, direction) in enumerate(
        [("incoming", Direction.INBOUND), ("outbound", Direction.OUTBOUND)]
    ):
        answer = await post(f"/twiml/{route}/{business.pk}", voice_form(sid(number)))
        call = await call_of(number)
        assert b"secretword" not in answer.content
        if (direction, Channel.CALLS) in present:
            assert verbs(answer) == ["Connect", "Redirect"]
            assert call.token_hash
            continue
        assert verbs(answer) == ["Say", "Say", "Hangup"]
        assert b"One moment." in answer.content
        assert (call.status, call.end_reason, call.token_hash) == ("refused", "no_prompt", "")
        assert call.end_sentence == (
            f"Not answered by the agent: no {direction} prompt is published."
        )
        events = {
            getattr(record, "event", "")
            for record in caplog.records
            if getattr(record, "facts", {}).get("direction") == direction.value
        }
        assert {"prompt.missing", "call.fallback"} <= events


async def test_a_normal_end_hangs_up_and_any_other_is_put_through(business):
    ends = [EndReason.AGENT_HUNG_UP, EndReason.MODEL_LOST, EndReason.TRANSFER]
    for number, reason in enumerate(ends):
        path = f"/twiml/incoming/{business.pk}"
        token = token_in(await post(path, voice_form(sid(number))))
        admission = await admit(token, timezone.now())
        await mark(admission.call_id, timezone.now())
        await end(admission.call_id, reason, "", timezone.now())
    path = f"/twilio/stream-ended?business={business.pk}"
    assert verbs(await post(path, voice_form(sid(0)))) == ["Hangup"]
    answer = await post(path, voice_form(sid(1)))
    assert verbs(answer) == ["Say", "Dial"]
    assert ET.fromstring(answer.content).findtext("Dial") == THEIRS
    answer = await post(path, voice_form(sid(2)))
    assert verbs(answer) == ["Dial"]  # the agent has said what there is to say
    assert ET.fromstring(answer.content).findtext("Dial") == THEIRS


async def test_an_end_that_is_written_a_moment_later_is_found(business, monkeypatch):
    path = f"/twiml/incoming/{business.pk}"
    admission = await admit(token_in(await post(path, voice_form())), timezone.now())
    await mark(admission.call_id, timezone.now())

    async def write_the_end(_seconds: float) -> None:
        await end(admission.call_id, EndReason.AGENT_HUNG_UP, "", timezone.now())

    monkeypatch.setattr(views.asyncio, "sleep", write_the_end)
    assert verbs(await post("/twilio/stream-ended", voice_form())) == ["Hangup"]


@pytest.mark.parametrize("query", ["", "?business=", "?business=x", "?business=" + "9" * 30])
async def test_the_end_of_an_unknown_call_is_a_goodbye(query):
    assert verbs(await post(f"/twilio/stream-ended{query}", voice_form())) == ["Say", "Hangup"]


async def test_a_status_callback_ends_an_open_call(business):
    await post(f"/twiml/incoming/{business.pk}", voice_form())
    form = voice_form() | {"CallStatus": "completed", "SequenceNumber": "3"}
    assert (await post("/twilio/status", form)).status_code == 204
    assert (await call_of()).end_reason == "never_connected"
    assert (await post("/twilio/status", voice_form(sid(5)))).status_code == 204


async def test_an_error_of_a_stream_is_logged_on_one_line(caplog):
    form = voice_form(StreamEvent="stream-error", StreamError="lost\nFAKE LINE" + "x" * 900)
    assert (await post("/twilio/stream-status", form)).status_code == 204
    (record,) = [record for record in caplog.records if "stream error" in record.message]
    assert "\n" not in record.message
    assert len(record.message) < 400
    assert (await post("/twilio/stream-status", voice_form())).status_code == 204
