"""A process that is killed with its calls, and a Redis that goes away and comes back."""

import asyncio
from collections.abc import Callable

import pytest

from tests.live.stage import House, house, stage
from tests.live.test_proof import verified
from tests.live.test_refresh import ready, sessions
from tests.services import PrivateRedis

pytestmark = pytest.mark.timeout(180)
IMPATIENT = "tests.live.impatient:application"


@pytest.mark.both_databases
async def test_the_calls_of_a_killed_process_leave_the_list_and_end_as_interrupted(
    uvicorn: House,
) -> None:
    with (
        house(beside=uvicorn, application=IMPATIENT) as victim,
        house(beside=uvicorn, application=IMPATIENT) as other,
    ):
        async with stage(victim) as on:
            lost = await on.dial(2)
            await lost.wait_for_audio()
            kept = await on.dial(2, house=other)
            await kept.wait_for_audio()
            for call in (lost, kept):
                await on.books.until(
                    lambda b, call=call: b.receipts(call.call_sid) and b.turns(call.call_sid),
                    "the first rows",
                )
            await lost.say("Are you there?")
            await lost.interrupt("Wait, please.")
            await on.books.until(
                lambda b: [turn for turn in b.turns(lost.call_sid) if turn["interrupted"]],
                "the interruption",
            )
            assert {lost.call_sid, kept.call_sid} <= set(await sessions(other))
            turns = on.books.turns(lost.call_sid)
            victim.server.kill()
            while lost.call_sid in await sessions(other):  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.1)
            row = await on.books.ended(lost.call_sid, within=10)
            assert row["end_reason"] == "interrupted"
            assert len(on.books.turns(lost.call_sid)) == len(turns)
            assert kept.call_sid in await sessions(other)
            assert not kept.is_over
            report = await verified(on)
            assert report["faults"] == []
            assert lost.call_sid in report["unfinished"]


@pytest.mark.parametrize("fault", [PrivateRedis.freeze, PrivateRedis.kill])
async def test_an_outage_is_noticed_without_a_message_and_its_return_is_asked_about(
    private_redis: PrivateRedis, fault: Callable[[PrivateRedis], None]
) -> None:
    shared = {"REDIS_URL": private_redis.url, "RECONCILE_SECONDS": "3600"}
    with house(**shared) as one:
        async with stage(one) as on:
            call = await on.dial(2)
            await ready(on, call)
            fault(private_redis)
            await logged(one, "The channel layer is away")
            published = await on.publish(2, "Words of an outage.")
            if fault is PrivateRedis.kill:
                private_redis.start()
            else:
                private_redis.thaw()
            await logged(one, "The channel layer is back")
            receipt = await on.books.until(
                lambda b: [
                    row
                    for row in b.receipts(call.call_sid)
                    if row["revision"] == published.data["revision"]
                ],
                "the reconcile after the return",
                within=3,
            )
            assert (receipt[0]["route"], receipt[0]["result"]) == ("reconcile", "acknowledged")
            again = await on.publish(2, "Words after the outage.")
            await on.books.until(
                lambda b: [
                    row
                    for row in b.receipts(call.call_sid)
                    if (row["revision"], row["route"]) == (again.data["revision"], "push")
                ],
                "the push after the return",
                within=3,
            )
        assert one.server.log.count("The channel layer is away") == 1
        assert "Traceback" not in one.server.log


async def logged(one: House, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in one.server.log:  # noqa: ASYNC110 - a file announces nothing
            await asyncio.sleep(0.05)
