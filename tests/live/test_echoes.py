"""What the model's side says of an update in mid-call, and what is said of it afterwards."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from calls.domain import flights
from calls.models import Call, Receipt, Turn
from calls.proof.texts import exact_text
from calls.proof.verification import verify
from calls.services.erasure import erase_context
from calls.simulator.faults import Configured, Faults
from calls.simulator.realtime.record import SessionRecord
from calls.simulator.realtime.updates import ALTERATION, normalised
from prompts.domain.text import sha256
from prompts.models import Business
from tests import factories
from tests.calls.desk import in_database
from tests.calls.proof.shelf import BEGAN
from tests.live.indoors import Indoors, indoors
from tests.live.stage import GREETING, proof_of

pytestmark = pytest.mark.both_databases
Found = TypeVar("Found")


@dataclass(frozen=True)
class Expected:
    """What is to be said of one way to answer an update."""

    result: str
    echoed: Callable[[str], str] | None  # the text that came back, from the text that was sent
    stands: Callable[[str, str], str]  # what the next answer is stamped with: before, sent
    known_by: str
    alarms: frozenset[str] = frozenset()


def before(old: str, _sent: str) -> str:
    return old


def sent(_old: str, text: str) -> str:
    return text


def altered(text: str) -> str:
    return text + ALTERATION


WAYS: dict[Configured, Expected] = {
    "ok": Expected("acknowledged", str, sent, "order"),
    "normalised": Expected("acknowledged", normalised, sent, "order"),
    "unseen": Expected("acknowledged_unseen", None, sent, "order"),
    "refused": Expected("refused", None, before, "order"),
    "missing": Expected(
        "unverified", None, before, "unverified", frozenset({"session.unverified"})
    ),
    "altered": Expected(
        "unverified",
        altered,
        lambda _old, text: altered(text),
        "unverified",
        frozenset({"session.altered", "session.unverified"}),
    ),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send again and give up soon: a session reads these limits as it goes."""
    monkeypatch.setattr(flights, "RESEND_AFTER", 0.3)
    monkeypatch.setattr(flights, "GIVE_UP_AFTER", 0.8)


async def until(probe: Callable[[], Found | None]) -> Found:
    """What ``probe`` finds in the database as soon as it is there."""
    async with asyncio.timeout(10):
        while not (found := await in_database(probe)()):  # noqa: ASYNC110 - rows are silent
            await asyncio.sleep(0.02)
    return found


async def publish(business: Business, text: str) -> Receipt:
    """Publish in mid-call; the receipt of the one call, once there is its result."""
    revision = Business.objects.filter(pk=business.pk).values_list("revision", flat=True)
    await in_database(factories.publish_text)(business, text, greeting=GREETING)
    number = await in_database(revision.get)()
    return await until(lambda: Receipt.objects.filter(revision=number).first())


async def ask(call: Any, session: SessionRecord) -> Turn:
    """The caller asks; the row of the answer, once it was heard to its end."""
    await call.wait_for_silence()
    said = len(session.spoken)
    await call.say("What do you say now?")
    await session.wait_until(lambda s: len(s.spoken) > said, within=15)
    await call.heard(session.spoken[said])
    turns = Turn.objects.filter(call__sid=call.call_sid, speaker="agent", text=session.spoken[said])
    return await until(turns.order_by("-position").first)


async def in_progress(on: Indoors, business: Business) -> tuple[Any, SessionRecord]:
    call = await on.dial(business.pk)
    await call.heard(GREETING)
    return call, on.model.sessions[0]


@pytest.mark.parametrize("way", WAYS)
async def test_receipt_alarm_and_stamp_say_what_was_really_in_force(
    business: Business, settings: object, caplog: pytest.LogCaptureFixture, way: Configured
) -> None:
    expected, faults = WAYS[way], Faults()
    async with indoors(settings, faults) as on:
        call, session = await in_progress(on, business)
        old = session.instructions
        faults.configured = way
        receipt = await publish(business, "The words of the update.")
        update = session.received_of("session.update")[-1]["session"]["instructions"]
        assert receipt.result == expected.result
        assert receipt.hash_sent == sha256(update)
        echoed = expected.echoed(update) if expected.echoed else ""
        assert receipt.hash_echoed == (sha256(echoed) if echoed else "")
        assert receipt.normalised == (way == "normalised")

        stamp = await ask(call, session)
        stands = expected.stands(old, update)
        assert (stamp.fingerprint, stamp.known_by) == (sha256(stands), expected.known_by)
        really = session.instructions_history[-1]
        assert sha256(really) in (stamp.fingerprint, stamp.next_fingerprint)
        text = await in_database(exact_text)(stamp.fingerprint)
        assert (text.text, text.fault) == (stands, "")

        faults.configured = "ok"  # and then it works again
        assert (await publish(business, "The words after it.")).result == "acknowledged"
        after = await ask(call, session)
        assert (after.fingerprint, after.known_by) == (sha256(session.instructions), "order")
        assert "The words after it." in proof_of(session)
    check_alarms(caplog, expected)
    assert (await in_database(verify)()).faults == []


def check_alarms(caplog: pytest.LogCaptureFixture, expected: Expected) -> None:
    lines = [one for one in caplog.records if getattr(one, "event", "").startswith("session.")]
    alarms = {one.event for one in lines if one.levelno >= logging.WARNING}
    assert alarms == expected.alarms
    assert all(one.facts["call_sid"] and one.facts["business_id"] for one in lines)


async def test_a_strange_text_can_be_erased_with_the_callers_context(
    business: Business, settings: object
) -> None:
    faults = Faults(configured="altered", updates="later")
    async with indoors(settings, faults) as on:
        call, session = await in_progress(on, business)
        await publish(business, "The words of the update.")
        stamp = await ask(call, session)
    row = await until(Call.objects.filter(sid=call.call_sid).exclude(end_reason="").first)
    assert await in_database(erase_context)(call=row, erased_by="support", at=BEGAN) == 1
    found = await in_database(exact_text)(stamp.fingerprint)
    assert (found.text, found.erased) == (None, "erased on 2026-03-01, by support")
