"""What a business knows of its callers reaches the call of that number, and no other."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.db import OperationalError

from calls import receivers
from calls.groups import Refresh
from calls.live import reading
from calls.live.change_feed import hub
from calls.models import Receipt
from calls.simulator.realtime.record import SessionRecord
from prompts.models import Business
from prompts.services.hours import change_hours
from prompts.services.profile import erase_profile, remove_from_profile, save_profile
from tests import factories
from tests.calls.desk import in_database
from tests.live.indoors import indoors
from tests.live.stage import GREETING, proof_of

pytestmark = pytest.mark.both_databases
DANA, EVE = "+972501234567", "+972507654321"
WHY = {"actor": None, "reason": "A test"}
Found = TypeVar("Found")


def know(business: Business, number: str, **values: Any) -> None:
    save_profile(business=business, number=number, values=values, **WHY)


def updates(session: SessionRecord) -> list[str]:
    """The instructions of each session.update, in their order."""
    sent = session.received_of("session.update")
    return [update["session"].get("instructions", "") for update in sent]


def results(call: Any) -> list[tuple[str, str]]:
    rows = Receipt.objects.filter(call__sid=call.call_sid).order_by("revision")
    return list(rows.values_list("route", "result"))


async def until(probe: Callable[[], Found | None]) -> Found:
    """What ``probe`` finds in the database as soon as it is there."""
    async with asyncio.timeout(5):
        while not (found := await in_database(probe)()):  # noqa: ASYNC110 - rows are silent
            await asyncio.sleep(0.02)
    return found


async def settled(call: Any, count: int) -> list[tuple[str, str]]:
    """The receipts of a call once there are so many."""
    return await until(lambda: rows if len(rows := results(call)) >= count else None)


async def test_an_edit_reaches_exactly_the_call_of_that_number(
    business: Business, settings: object
) -> None:
    other = await in_database(factories.make_business)("Other")
    await in_database(factories.publish_text)(other, "Other words.", greeting=GREETING)
    await in_database(know)(business, DANA, name="Dana Levi", preferences=["Tea", "Speak up"])
    await in_database(know)(other, DANA, name="Somebody's client")
    async with indoors(settings) as on:
        dana = await on.dial(business.pk, caller=DANA)
        eve = await on.dial(business.pk, caller=EVE)
        withheld = await on.dial(business.pk, caller="anonymous")
        elsewhere = await on.dial(other.pk, caller=DANA)
        for call in on.calls:
            await call.heard(GREETING)
        of_dana, of_eve, of_nobody, of_other = on.model.sessions
        assert ['"Dana Levi"' in text for text in (of_dana.instructions, of_eve.instructions)] == [
            True,
            False,
        ]
        assert "Notes of the business" not in of_eve.instructions + of_nobody.instructions
        assert "client" in of_other.instructions
        assert "Dana" not in of_other.instructions

        await in_database(remove_from_profile)(
            business=business, number=DANA, field="preferences", item="Tea", **WHY
        )
        await of_dana.wait_until(lambda s: len(updates(s)) == 2)
        first, second = updates(of_dana)
        assert second == first.replace('"Tea"; ', "")
        assert await settled(dana, 2) == [("start", "acknowledged"), ("push", "acknowledged")]
        for call in (eve, withheld):
            assert await settled(call, 2) == [("start", "acknowledged"), ("push", "unchanged")]
        await dana.say("What may I drink?")
        await dana.heard(proof_of(of_dana))

        await in_database(erase_profile)(business=business, number=DANA, **WHY)
        await of_dana.wait_until(lambda s: len(updates(s)) == 3)
        assert "Notes of the business" not in of_dana.instructions
        assert [len(updates(one)) for one in (of_eve, of_nobody, of_other)] == [1, 1, 1]
        assert await in_database(results)(elsewhere) == [("start", "acknowledged")]


async def _lost(*_given: object) -> None:
    raise ConnectionError("away")


async def test_a_refresh_brings_the_profile_and_the_hours_of_now(
    business: Business, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RECONCILE_SECONDS = 3600
    await in_database(know)(business, DANA, name="Dana")
    async with indoors(settings) as on:
        call = await on.dial(business.pk, caller=DANA)
        await call.heard(GREETING)
        session = on.model.sessions[0]
        for count, force in enumerate((False, True), start=1):
            hub().refresh(Refresh(uuid4(), business.pk, call.call_sid, force=force))
            assert len(await settled(call, count + 1)) == count + 1
        assert sorted(await in_database(results)(call)) == [
            ("manual", "acknowledged"),
            ("manual", "unchanged"),
            ("start", "acknowledged"),
        ]
        first, again = updates(session)
        assert first == again  # byte for byte, its caller's profile with it
        monkeypatch.setattr(receivers, "announce", _lost)
        await in_database(know)(business, DANA, name="Dana Levi")
        await in_database(change_hours)(
            business=business,
            changes={"days": {"sunday": "09:00-13:00"}},
            actor=None,
            reason="A test",
        )
        hub().refresh(Refresh(uuid4(), business.pk))
        await session.wait_until(lambda s: len(updates(s)) == 3)
        assert '"Dana Levi"' in session.instructions
        assert "| Sunday | 09:00-13:00 |" in session.instructions


async def test_hours_reach_every_call_and_the_start_of_a_call_is_never_told_anew(
    business: Business, settings: object
) -> None:
    async with indoors(settings) as on:
        call = await on.dial(business.pk, direction="inbound", caller=EVE)
        await call.heard(GREETING)
        await in_database(change_hours)(
            business=business,
            changes={"days": {"sunday": "09:00-13:00"}},
            actor=None,
            reason="A test",
        )
        session = on.model.sessions[0]
        await session.wait_until(lambda s: "| Sunday | 09:00-13:00 |" in s.instructions)
        first, second = updates(session)
        began = next(line for line in first.splitlines() if line.startswith("The call began"))
        assert began in second.splitlines()


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the profiles be out of reach for so many readings."""
    read, left = reading.read_profiles, [None] * times

    def read_profiles(*arguments: Any) -> Any:
        if left:
            left.pop()
            raise OperationalError("away")
        return read(*arguments)

    monkeypatch.setattr(reading, "read_profiles", read_profiles)


async def test_a_reading_that_fails_keeps_the_old_words_and_the_next_one_brings_the_new(
    business: Business, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    settings.RECONCILE_SECONDS = 0.5
    await in_database(know)(business, DANA, name="Dana")
    async with indoors(settings) as on:
        call = await on.dial(business.pk, caller=DANA)
        await call.heard(GREETING)
        failing(monkeypatch, 1)
        await in_database(know)(business, DANA, name="Dana Levi")
        assert await settled(call, 2) == [("start", "acknowledged"), ("reconcile", "acknowledged")]
        assert [text.count("- Name:") for text in updates(on.model.sessions[0])] == [1, 1]
    assert "profile.not_read" in caplog.text


async def test_one_failure_at_the_start_costs_nothing(
    business: Business, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_database(know)(business, DANA, safety_notes=["Lives alone"])
    failing(monkeypatch, 1)
    async with indoors(settings) as on:
        call = await on.dial(business.pk, caller=DANA)
        await call.heard(GREETING)
        assert ['"Lives alone"' in text for text in updates(on.model.sessions[0])] == [True]


async def test_a_call_that_began_without_its_profile_says_so_and_is_given_it(
    business: Business, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    settings.RECONCILE_SECONDS = 0.5
    caplog.set_level(logging.INFO)
    await in_database(know)(business, DANA, safety_notes=["Lives alone"])
    failing(monkeypatch, 2)
    async with indoors(settings) as on:
        call = await on.dial(business.pk, caller=DANA)
        await call.heard(GREETING)
        session = on.model.sessions[0]
        await session.wait_until(lambda s: len(updates(s)) == 2)
        assert ['"Lives alone"' in text for text in updates(session)] == [False, True]
        assert sorted(await settled(call, 2)) == [
            ("reconcile", "acknowledged"),
            ("start", "acknowledged"),
        ]
        rows = Receipt.objects.filter(call__sid=call.call_sid)
        details = dict(await in_database(lambda: list(rows.values_list("route", "detail")))())
    assert "without its caller's profile" in details["start"]
    assert details["reconcile"] == ""
    said = [
        record
        for record in caplog.records
        if getattr(record, "event", "") == "call.without_profile"
    ]
    assert [record.levelname for record in said] == ["WARNING"]
    assert "Lives alone" not in caplog.text
    assert DANA not in caplog.text
