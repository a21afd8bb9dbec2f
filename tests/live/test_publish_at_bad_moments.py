"""A publish at the worst moment: the right text after it, one receipt, no second greeting."""

import asyncio

import pytest

from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.realtime import response
from calls.simulator.realtime.calling import SAID
from calls.simulator.realtime.record import SessionRecord
from tests.live.books import Row
from tests.live.stage import GREETING, House, Stage, proof_of, stage
from tests.live.test_proof import verified
from tests.live.test_reconnect import configured, goes_on, greeted_once

pytestmark = pytest.mark.both_databases
BEFORE = "These are the words before the bad moment, and they are long enough to be cut."
AFTER = "These are the words after it."


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model takes its time, so that something can happen while it generates."""
    monkeypatch.setattr(response, "FASTER_THAN_PLAYED", 2)


async def generating(session: SessionRecord, number: int) -> None:
    """The answer with this number has begun and is not over."""
    await session.wait_until(lambda s: len(s.sent_of("response.created")) >= number)
    assert len(session.sent_of("response.done")) < number


def check_order(session: SessionRecord, text: str) -> None:
    """The update waited for the end of the answer that was being generated."""
    events = sorted([*session.received, *session.sent], key=lambda entry: entry.at)
    running = 0
    for entry in events:
        running += (entry.type == "response.created") - (entry.type == "response.done")
        if entry.type == "session.update" and text in str(entry.event):
            assert running == 0


async def check(on: Stage, call: SimulatedCaller, state: Row, route: str = "push") -> None:
    session = on.model.sessions[-1]
    await goes_on(call, session)
    assert AFTER in proof_of(session)
    await call.hang_up()
    await on.books.ended(call.call_sid)
    receipts = [r for r in on.books.receipts(call.call_sid) if r["revision"] == state["revision"]]
    assert [(r["result"], r["route"]) for r in receipts] == [("acknowledged", route)]
    greeted_once(on, call)
    assert (await verified(on))["ok"]
    on.check_wire()


async def test_while_the_greeting_is_generated(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, BEFORE)
        call = await on.dial(1)
        session = await on.session()
        await generating(session, 1)
        state = (await on.publish(1, AFTER)).data
        await call.heard(GREETING)
        await session.wait_until(lambda s: AFTER in s.instructions)
        check_order(session, AFTER)
        await check(on, call, state)


async def test_while_a_tool_is_called(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(tool_name="look_up")) as on:
        await on.publish(1, BEFORE)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["end_call"])
        await generating(session, 2)
        state = (await on.publish(1, AFTER)).data
        await session.wait_for("conversation.item.create")
        await session.wait_until(lambda s: len(s.sent_of("response.created")) == 3)
        check_order(session, AFTER)
        kinds = [entry.type for entry in session.received][-3:]
        assert kinds == ["conversation.item.create", "session.update", "response.create"]
        await call.heard(proof_of(session))
        await check(on, call, state)


async def test_while_the_caller_interrupts(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, BEFORE)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say("What do you say?")
        await generating(session, 2)
        published, _ = await asyncio.gather(
            on.publish(1, AFTER), call.interrupt("Wait, please.", after=0.2)
        )
        await session.wait_for("response.cancel")
        await session.wait_until(lambda s: AFTER in s.instructions)
        check_order(session, AFTER)
        await check(on, call, published.data)


async def test_while_the_model_is_away(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, BEFORE)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say("What do you say?")
        await generating(session, 2)
        on.model.faults.handshake_status = 503  # so that it is away until the publish is made
        tried = on.model.handshakes
        on.model.break_off()
        await on.books.until(lambda _: on.model.handshakes > tried, "a try")
        state = (await on.publish(1, AFTER)).data
        on.model.faults.handshake_status = 0
        second = await on.session(2)
        await configured(second)
        await second.wait_until(lambda s: AFTER in s.instructions)
        await call.heard(proof_of(second))
        await check(on, call, state)
