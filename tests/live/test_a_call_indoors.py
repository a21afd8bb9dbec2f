"""Moments of a call that only a server in the test's own loop can be held at."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from channels.db import database_sync_to_async

from calls.groups import Changed, announce
from calls.live import openai_socket, reading
from calls.models import Call, Receipt
from prompts.domain.kinds import Direction
from prompts.models import Business
from tests import factories
from tests.live.indoors import indoors
from tests.live.stage import GREETING

Found = TypeVar("Found")
AHEAD = 10**9  # a revision that the database has never had


async def end_of(sid: str) -> Call:
    """The row of a call that has ended."""
    return await until(lambda: Call.objects.filter(sid=sid).exclude(end_reason="").first())


async def until(probe: Callable[[], Found | None]) -> Found:
    """What ``probe`` finds in the database as soon as it is there."""
    async with asyncio.timeout(5):
        while (found := await database_sync_to_async(probe)()) is None:  # noqa: ASYNC110 - rows are silent
            await asyncio.sleep(0.02)
    return found


def reads_and_then(monkeypatch: pytest.MonkeyPatch, happens: Any) -> list[int]:
    """Let something happen after each first reading, before the call gets what was read."""
    read, revisions = reading.first_wording, []

    async def first_wording(business_id: int, direction: Direction, at_least: int) -> Any:
        found = await read(business_id, direction, at_least)
        revisions.append(found.revision)
        await happens(len(revisions))
        return found

    monkeypatch.setattr(reading, "first_wording", first_wording)
    return revisions


async def test_a_publish_between_registering_and_reading_is_not_missed(
    business: Business, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call hears of it while it reads, reads again and begins under the new words."""
    from calls.live.change_feed import hub

    async def publish(count: int) -> None:
        if count > 1:
            return
        await database_sync_to_async(factories.publish_text)(
            business, "Newer words.", greeting=GREETING
        )
        call = next(iter(hub()._calls[business.pk]))
        await until(lambda: True if call.revision > revisions[0] else None)

    revisions = reads_and_then(monkeypatch, publish)
    async with indoors(settings) as on:
        call = await on.dial(business.pk)
        await call.heard(GREETING)
        assert revisions == [revisions[0], revisions[0] + 1]
        updates = on.model.sessions[0].received_of("session.update")
        assert ["Newer words." in update["session"]["instructions"] for update in updates] == [True]
        await call.hang_up()
        await end_of(call.call_sid)
    receipts = [receipt.route async for receipt in Receipt.objects.filter(call__sid=call.call_sid)]
    assert receipts == ["start"]


async def test_a_message_ahead_of_the_database_keeps_no_call_from_starting(
    business: Business, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mislead(_count: int) -> None:
        await announce(Changed(business.pk, AHEAD))
        await asyncio.sleep(0)

    reads_and_then(monkeypatch, mislead)
    async with indoors(settings) as on:
        call = await on.dial(business.pk)
        await call.heard(GREETING, within=5)


@pytest.mark.parametrize("for_good", [False, True])
async def test_a_model_that_stops_reading_is_left_and_leaves_no_traceback(
    business: Business,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    for_good: bool,
) -> None:
    deaf: list[object] = []

    def is_congested(socket: object) -> bool:
        deaf.append(socket)
        return for_good or socket is deaf[0]

    async def never(_socket: object) -> None:
        await asyncio.Event().wait()

    async with indoors(settings) as on:
        call = await on.dial(business.pk)
        await call.heard(GREETING)
        monkeypatch.setattr(openai_socket.OpenAISocket, "_drain", never)
        monkeypatch.setattr(openai_socket.OpenAISocket, "_is_congested", is_congested)
        monkeypatch.setattr(openai_socket, "MAX_BACKLOG", 10)
        if for_good:
            await call.until(lambda c: c.is_over, "the fallback")
            assert call.words
            assert (await end_of(call.call_sid)).end_reason == "model_lost"
        else:
            second = await on.model.session_matching(lambda session: session.number == 2)
            await call.say("Are you there?")
            await second.wait_for_sent("response.created")
            assert not call.is_over
    assert "stopped taking" in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
