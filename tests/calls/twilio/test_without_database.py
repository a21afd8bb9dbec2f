"""Twilio's webhooks while the database does not answer, and floods of forged ones."""

import asyncio
import threading
import time
from xml.etree import ElementTree as ET

import pytest
from django.db import OperationalError

from calls.domain.answers import HangUp
from calls.models import WebhookRefusal
from calls.services import GENERAL, record_refusal
from calls.threads import DatabaseThreads, Overloaded
from calls.twilio import refusals, requests, views
from calls.twilio.memory import FallbackMemory
from calls.twilio.refusals import Refusals
from prompts.domain.agent import Fallback
from tests.calls.desk import BASE, TOKEN, in_database, post_to_view, verbs, voice_form

OWN = Fallback("One moment.", "+15005550199", "en")


class Stall:
    """A database that answers nobody until it is let go."""

    def __init__(self) -> None:
        self.entered, self.free = 0, threading.Event()

    def __call__(self, **_question: object) -> HangUp:
        self.entered += 1
        self.free.wait(10)
        return HangUp()


@pytest.fixture(autouse=True)
def _twilio(settings, monkeypatch):
    settings.PUBLIC_BASE_URL = BASE
    settings.TWILIO_AUTH_TOKENS = (TOKEN,)
    monkeypatch.setattr(views, "memory", FallbackMemory(GENERAL))
    monkeypatch.setattr(views, "database", DatabaseThreads(threads=2, waiting=2))
    monkeypatch.setattr(views, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(views, "STREAM_ENDED_SECONDS", 0.2)


@pytest.fixture
def stall(monkeypatch):
    stalled = Stall()
    for name in ("answer_call", "answer_stream_ended", "apply_status"):
        monkeypatch.setattr(views, name, stalled)
    yield stalled
    stalled.free.set()


async def timed(path: str):
    began = time.monotonic()
    return await post_to_view(path, voice_form()), time.monotonic() - began


@pytest.mark.parametrize("path", ["/twiml/incoming/1", "/twilio/stream-ended?business=1"])
async def test_a_stuck_database_leaves_the_caller_with_the_words_last_seen(stall, path):
    answer, seconds = await timed(path)
    assert verbs(answer) == ["Say", "Hangup"]
    assert seconds < 1
    views.memory.remember(1, OWN)
    views.memory.remember(2, Fallback("Florist.", "", "en"))
    answer, _seconds = await timed(path)
    assert ET.fromstring(answer.content).findtext("Say") == "One moment."
    assert ET.fromstring(answer.content).findtext("Dial") == "+15005550199"


async def test_a_stuck_database_holds_its_threads_and_nothing_else(stall):
    answers = await asyncio.gather(*[timed("/twiml/incoming/1") for _ in range(12)])
    assert stall.entered == 2
    assert all(verbs(answer) == ["Say", "Hangup"] for answer, _seconds in answers)
    stall.free.set()


async def test_requests_beyond_the_room_are_answered_at_once(stall, monkeypatch):
    monkeypatch.setattr(views, "ANSWER_SECONDS", 5)
    waiting = [asyncio.create_task(timed("/twiml/incoming/1")) for _ in range(4)]
    await asyncio.sleep(0)  # each begins, and hands its question to a thread
    _answer, seconds = await timed("/twiml/incoming/1")
    assert seconds < 1
    stall.free.set()
    assert {verbs((await task)[0])[0] for task in waiting} == {"Hangup"}


async def test_after_the_database_is_back_it_is_asked_again(stall):
    await timed("/twiml/incoming/1")
    stall.free.set()
    assert verbs((await timed("/twiml/incoming/1"))[0]) == ["Hangup"]


async def test_what_waited_too_long_is_never_begun(stall):
    await asyncio.gather(*[timed("/twiml/incoming/1") for _ in range(4)])
    stall.free.set()
    assert verbs((await timed("/twiml/incoming/1"))[0]) == ["Hangup"]
    assert stall.entered == 3  # two held their threads, two were dropped, one came now


@pytest.mark.parametrize("error", [OperationalError("away"), RuntimeError("a fault of ours")])
async def test_an_error_gives_the_fallback_too(monkeypatch, error):
    def fail(**_question: object) -> HangUp:
        raise error

    monkeypatch.setattr(views, "answer_call", fail)
    monkeypatch.setattr(views, "answer_stream_ended", fail)
    assert verbs(await post_to_view("/twiml/incoming/1", voice_form())) == ["Say", "Hangup"]
    assert verbs(await post_to_view("/twilio/stream-ended", voice_form())) == ["Say", "Hangup"]


async def test_a_status_that_cannot_be_kept_is_said_to_be_so(stall):
    assert (await post_to_view("/twilio/status", voice_form())).status_code == 503


def test_the_memory_is_bounded_and_keeps_businesses_apart():
    memory = FallbackMemory(GENERAL, limit=2)
    for business_id in (1, 2, 3):
        memory.remember(business_id, Fallback(str(business_id), "", "en"))
    assert [memory.recall(one).words for one in (2, 3)] == ["2", "3"]
    assert memory.recall(1) == memory.recall(None) == GENERAL


@pytest.mark.django_db(transaction=True)
async def test_the_last_refused_webhooks_are_kept_for_the_checklist_of_each_business(monkeypatch):
    stored = threading.Semaphore(0)
    monkeypatch.setattr(requests, "refusals", Refusals())

    def store(**refusal: object) -> None:
        record_refusal(**refusal)
        stored.release()

    monkeypatch.setattr(refusals, "record_refusal", store)
    for business_id in (7, 8):
        for signature in ("forged", "\u00e9", ""):
            path = f"/twiml/incoming/{business_id}"
            assert (await post_to_view(path, {}, signature=signature)).status_code == 403
    for _ in range(6):
        assert await asyncio.to_thread(stored.acquire, timeout=5)
    kept = await in_database(list)(WebhookRefusal.objects.order_by("id"))
    assert sorted(row.business_id for row in kept) == [7, 7, 7, 8, 8, 8]
    assert len({row.cause for row in kept}) == 3


def test_a_flood_at_one_business_is_a_trickle_and_hides_nothing_of_another():
    now, noted = [100.0], []

    class Threads:
        def submit(self, work) -> None:
            noted.append((now[0], work.keywords["business_id"]))
            raise Overloaded

    flood = Refusals(Threads(), clock=lambda: now[0])
    for _ in range(100):
        flood.note(business_id=1, path="/", cause="No.")
        now[0] += 0.03125
    flood.note(business_id=2, path="/", cause="No.")
    assert len([one for one in noted if one[1] == 1]) == 13
    assert noted[-1][1] == 2


def test_a_flood_over_many_businesses_is_a_trickle_too():
    now, noted = [100.0], []

    class Threads:
        def submit(self, work) -> None:
            noted.append(now[0])
            raise Overloaded

    flood = Refusals(Threads(), clock=lambda: now[0])
    for number in range(5000):
        flood.note(business_id=number, path="/", cause="No.")
    assert len(noted) == 50
