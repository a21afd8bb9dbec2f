"""The model's socket is lost in the middle of a call, and the caller's call goes on."""

import asyncio
import time
from typing import Any

import pytest

from calls.domain.recovery import CUT_OFF
from calls.live import openai_socket
from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.realtime.record import SessionRecord
from calls.simulator.telephone.timeline import Kind
from tests.live.books import Books, Row
from tests.live.fault_proxy import FaultProxy
from tests.live.stage import GREETING, House, Stage, house, proof_of, sound_of, stage
from tests.live.test_proof import verified

pytestmark = pytest.mark.both_databases

WORDS = "These are the words of a call that survives. They are long enough to be cut."
ANSWERED_WITHIN = 4.0  # seconds from the loss to the caller's answer


def replayed(session: SessionRecord) -> list[tuple[str, str]]:
    items = [event["item"] for event in session.received_of("conversation.item.create")]
    return [(item["role"], item["content"][0]["text"]) for item in items]


def roles(session: SessionRecord) -> list[str]:
    return [role for role, _words in replayed(session)]


def greetings(on: Stage) -> list[dict[str, Any]]:
    """Every answer with words of its own that any session was asked for."""
    asked = [event for s in on.model.sessions for event in s.received_of("response.create")]
    return [event for event in asked if event["response"].get("instructions")]


def greeted_once(on: Stage, call: SimulatedCaller) -> None:
    assert times_heard(call, GREETING) == 1
    assert len(greetings(on)) == 1


async def configured(session: SessionRecord) -> None:
    """A session gets its whole configuration before anything else."""
    await session.wait_for_sent("session.updated")
    first = session.received[0].event
    assert first["type"] == "session.update"
    assert "output" in first["session"]["audio"]


async def goes_on(call: SimulatedCaller, session: SessionRecord) -> None:
    """The caller asks something and is answered under the words in force."""
    await call.wait_for_silence()
    before = times_heard(call, proof_of(session))
    await call.say("Are you still there?")
    await call.until(lambda c: times_heard(c, proof_of(session)) > before, "the answer", within=20)


def times_heard(call: SimulatedCaller, sentence: str) -> int:
    assert call.stream is not None
    return call.stream.heard().count(sound_of(sentence))


async def over(on: Stage, call: SimulatedCaller) -> list[Row]:
    """Hang up; everything that was stored agrees with itself, and with the wire."""
    await call.hang_up()
    row = await on.books.ended(call.call_sid)
    assert row["end_reason"] == "caller_hung_up"
    assert (await verified(on))["ok"]
    on.check_wire()
    return on.books.turns(call.call_sid)


async def test_an_answer_that_breaks_off_is_carried_on(either: House) -> None:
    async with stage(either, Faults(drop_during=2, broken={1})) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        first = await on.session()
        await call.say("What do you say now?")
        await first.wait_closed()
        lost = time.monotonic()
        second = await on.session(2)
        await configured(second)
        await second.wait_for("response.create")
        await call.heard(proof_of(second))
        assert time.monotonic() - lost < ANSWERED_WITHIN + len(sound_of(proof_of(second))) / 8_000
        assert roles(second) == ["assistant", "user", "assistant", "system"]
        assert replayed(second)[0] == ("assistant", GREETING)
        await goes_on(call, second)
        greeted_once(on, call)
        turns = await over(on, call)
        spoken = [turn for turn in turns if turn["speaker"] == "agent"]
        assert [turn["status"] for turn in spoken] == [
            "completed",
            "lost",
            "completed",
            "completed",
        ]
        assert spoken[1]["heard_ms"] == spoken[1]["generated_ms"] > 0
        assert len({turn["fingerprint"] for turn in spoken[1:]}) == 1
        assert [r["result"] for r in on.books.receipts(call.call_sid)] == ["acknowledged"]


async def test_between_turns_nobody_notices(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        await goes_on(call, await on.session())
        await call.heard(GREETING)
        on.model.break_off()
        second = await on.session(2)
        await configured(second)
        await second.wait_until(lambda s: len(s.received_of("conversation.item.create")) == 3)
        assert second.received_of("response.create") == []
        await goes_on(call, second)
        assert second.received_of("response.create") == []  # nobody asked twice
        greeted_once(on, call)
        await over(on, call)


async def test_what_was_published_meanwhile_is_asked_for_at_once() -> None:
    """No push reaches this process, and its next regular question is an hour away."""
    with house(RECONCILE_SECONDS="3600") as here, house(beside=here) as elsewhere:
        async with stage(here) as on:
            await on.publish(1, WORDS)
            call = await on.dial(1)
            await call.heard(GREETING)
            await goes_on(call, await on.session())
            await on.publish(1, f"{WORDS} But newer.", house=elsewhere)
            on.model.break_off()
            second = await on.session(2)
            await second.wait_until(
                lambda s: "But newer." in str(s.received_of("session.update")), within=10
            )
            await goes_on(call, second)
            await over(on, call)
            route = [r["route"] for r in on.books.receipts(call.call_sid)]
            assert route in (["start", "reconcile"], ["start", "reconnect"])


async def test_a_greeting_that_breaks_off_is_not_repeated(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(drop_during=1, broken={1})) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        second = await on.session(2)
        await second.wait_for("response.create")
        await call.heard(proof_of(second))
        assert replayed(second)[-1] == ("system", CUT_OFF)
        assert len(greetings(on)) == 1
        await goes_on(call, second)
        await over(on, call)


@pytest.mark.parametrize("faults", [Faults(drop_on_update=1), Faults(drop_after=0)])
async def test_a_session_that_breaks_before_the_greeting_is_opened_again(
    uvicorn: House, faults: Faults
) -> None:
    faults.broken = {1}
    async with stage(uvicorn, faults) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        second = await on.session(2)
        await configured(second)
        assert replayed(second) == []
        await goes_on(call, second)
        receipts = on.books.receipts(call.call_sid)
        assert [r["result"] for r in receipts] == ["acknowledged"]
        await over(on, call)


async def test_an_expired_session_is_replaced(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(expire_after=8.0, broken={1})) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        second = await on.session(2)
        await configured(second)
        await goes_on(call, second)
        greeted_once(on, call)
        await over(on, call)


def results(books: Books, call: SimulatedCaller, revision: int) -> list[Row]:
    return [r for r in books.receipts(call.call_sid) if r["revision"] == revision]


async def test_an_update_that_was_in_the_air_has_one_receipt(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(drop_on_update=2, broken={1})) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        new = (await on.publish(1, "Words that were in the air.")).data
        second = await on.session(2)
        await second.wait_until(lambda s: "in the air" in s.instructions)
        await goes_on(call, second)
        (receipt,) = results(on.books, call, new["revision"])
        assert (receipt["result"], receipt["route"]) == ("acknowledged", "reconnect")
        greeted_once(on, call)
        await over(on, call)


@pytest.mark.parametrize("apply", ["live", "new_calls"])
async def test_a_publish_while_the_model_is_away_is_spoken_where_it_may(
    uvicorn: House, apply: str
) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        on.model.faults.handshake_status = 503
        tried = on.model.handshakes
        on.model.break_off()
        await on.books.until(lambda _: on.model.handshakes > tried, "a try")
        new = (await on.publish(1, "Words of an outage.", apply=apply)).data
        on.model.faults.handshake_status = 0
        second = await on.session(2)
        await configured(second)
        expected = "of an outage" if apply == "live" else "that survives"
        await second.wait_until(lambda s: expected in s.instructions)
        await goes_on(call, second)
        (receipt,) = await on.books.until(
            lambda b: results(b, call, new["revision"]), "the receipt of the publish"
        )
        assert receipt["result"] == ("acknowledged" if apply == "live" else "held")
        greeted_once(on, call)
        await over(on, call)


async def test_what_the_caller_says_while_the_model_is_away_is_heard_after_it(
    uvicorn: House,
) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        on.model.faults.handshake_status = 503
        on.model.break_off()
        await call.say("Hello?")
        on.model.faults.handshake_status = 0
        second = await on.session(2)
        await second.wait_for_sent("input_audio_buffer.committed")
        await call.heard(proof_of(second))
        await over(on, call)


async def test_several_calls_lose_their_model_at_once(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        calls = [await on.dial(1) for _ in range(8)]
        await asyncio.gather(*(call.heard(GREETING) for call in calls))
        on.model.break_off()
        again = [await on.session(number) for number in range(9, 17)]
        await asyncio.gather(*(configured(session) for session in again))
        new = (await on.publish(1, "Words for all of them.")).data
        await asyncio.gather(
            *(s.wait_until(lambda s: "for all of them" in s.instructions) for s in again)
        )
        for call in calls:
            (receipt,) = await on.books.until(
                lambda b, call=call: results(b, call, new["revision"]), "a receipt"
            )
            assert receipt["result"] == "acknowledged"
            assert not call.is_over


@pytest.mark.parametrize("how", ["refused", "lost again"])
async def test_a_model_that_does_not_come_back_gives_the_fallback(uvicorn: House, how: str) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        if how == "refused":
            on.model.faults.handshake_status = 503
        else:
            on.model.faults.drop_on_update = 1
        on.model.break_off()
        await call.until(lambda c: c.is_over, "the fallback", within=12)
        assert call.timeline.of(Kind.SPOKEN_BY_TWILIO)
        assert call.dialled == ["+15005550111"]
        row = on.books.call(call.call_sid)
        assert row["end_reason"] == "model_lost"
        assert ("503" if how == "refused" else "1006") in row["end_detail"]
        assert on.books.turns(call.call_sid)[0]["text"] == GREETING


async def test_a_caller_who_hangs_up_while_the_model_is_away_leaves_no_session(
    uvicorn: House,
) -> None:
    async with stage(uvicorn) as on:
        call = await on.dial(1)
        await call.heard(GREETING)
        on.model.faults.handshake_hangs = True
        tried = on.model.handshakes
        on.model.break_off()
        await on.books.until(lambda _: on.model.handshakes > tried, "a try")
        await call.hang_up()
        row = await on.books.ended(call.call_sid)
        assert row["end_reason"] == "caller_hung_up"
        assert len(on.model.sessions) == 1


async def test_a_way_that_loses_everything_is_left_for_another(uvicorn: House) -> None:
    """Nobody says that it is dead: no event comes, and what we send seems to leave."""
    to_model = FaultProxy(f"ws://127.0.0.1:{uvicorn.model_port}/v1/realtime")
    with to_model, house(beside=uvicorn, OPENAI_REALTIME_URL=to_model.url) as there:
        async with stage(uvicorn) as on:
            await on.publish(1, WORDS)
            call = await on.dial(1, house=there)
            await call.heard(GREETING)
            to_model.drop()
            second = await on.model.session_matching(
                lambda session: session.number == 2,
                within=openai_socket.PING_EVERY + openai_socket.PONG_WITHIN + 3,
            )
            await configured(second)
            await goes_on(call, second)
            greeted_once(on, call)
