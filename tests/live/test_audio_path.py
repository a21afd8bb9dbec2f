"""Sound passes whatever the database does, and keeps its order in many calls at once."""

import asyncio

import pytest

from calls.simulator.realtime.record import Keep
from prompts.models import Business
from tests.live.indoors import held_database_thread, indoors
from tests.live.numbers import arrival, numbered, numbers_heard
from tests.live.stage import GREETING, House, proof_of, stage

CALLS = 50
FRAMES = 100


@pytest.mark.both_databases
async def test_frames_pass_both_ways_while_the_database_thread_is_held(
    business: Business, settings: object
) -> None:
    async with indoors(settings, keep=Keep.AUDIO) as on:
        call = await on.dial(business.pk)
        await call.heard(GREETING)
        session = on.model.sessions[0]
        async with held_database_thread():
            call.stream.say(numbered(1, FRAMES))
            await call.say("And what do you say?")
            await call.heard(proof_of(session))  # some two hundred frames
            assert await arrival(session, FRAMES) == list(range(1, FRAMES + 1))


async def test_fifty_calls_at_once_lose_and_reorder_nothing(either: House) -> None:
    async with stage(either, speed=1, keep=Keep.AUDIO) as on:
        await on.publish(1, "Words of fifty calls.")
        for _ in range(CALLS // 10):
            await asyncio.gather(*(on.dial(1, speed=1) for _ in range(10)))
        await asyncio.gather(*(call.heard(GREETING) for call in on.calls))
        for number, call in enumerate(on.calls, start=1):
            call.stream.say(numbered(number * 1000, FRAMES))
        firsts = set()
        for session in on.model.sessions:
            await session.wait_until(lambda s: any(numbers_heard(s)))
            first = numbers_heard(session)[0]
            heard = await arrival(session, first + FRAMES - 1)
            assert heard == list(range(first, first + FRAMES))
            firsts.add(first)
        assert firsts == {number * 1000 for number in range(1, CALLS + 1)}
        assert [call.violations for call in on.calls] == [[]] * CALLS
