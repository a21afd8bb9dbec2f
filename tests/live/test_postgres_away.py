"""A Postgres that stalls or goes away: callers are answered, calls go on, rows come later."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from calls.simulator.caller import ACCOUNT_SID
from calls.simulator.realtime.record import Keep
from calls.simulator.telephone.webhook import Answer, Server
from tests import services
from tests.conftest import give_up
from tests.live.books import Books
from tests.live.fault_proxy import FaultProxy
from tests.live.numbers import arrival, numbered
from tests.live.stage import GREETING, TOKEN, House, house, proof_of, stage
from tests.servers import seeded_database

ANSWERED_WITHIN = 5.0


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    with ExitStack() as resources:
        try:
            url = resources.enter_context(seeded_database("postgres"))
        except services.Missing as missing:
            give_up(str(missing))
        yield resources.enter_context(FaultProxy(url))


@pytest.fixture(scope="module")
def behind(proxy: FaultProxy) -> Iterator[House]:
    with house(database_url=proxy.url) as running:
        running.books_url = proxy.direct
        yield running
    assert "Traceback" not in running.server.log


@pytest.fixture(autouse=True)
def _flows_again(proxy: FaultProxy) -> Iterator[None]:
    yield
    proxy.flow()


async def test_callers_get_the_fallback_in_time_while_the_database_is_stalled(
    behind: House, proxy: FaultProxy
) -> None:
    async with stage(behind) as on:
        await (await on.dial(1)).wait_for_audio()
        proxy.stall()
        began = time.monotonic()
        answers = await asyncio.gather(*(call_in(behind, number) for number in range(6)))
        assert time.monotonic() - began <= ANSWERED_WITHIN
        for answer in answers:
            assert answer.status == 200
            assert "+15005550111" in answer.body
        proxy.flow()
        again = await on.dial(1)
        await again.wait_for_audio()


async def call_in(house: House, number: int) -> Answer:
    """Twilio's answer to the webhook of one more call."""
    base = house.server.base_url
    form = {"CallSid": f"CA{number:032x}", "AccountSid": ACCOUNT_SID, "To": "+15005550101"}
    return await Server(base, base, TOKEN).post("/twiml/incoming/1", form)


@pytest.mark.parametrize("fault", [FaultProxy.stall, FaultProxy.cut])
async def test_a_call_goes_on_without_the_database_and_its_rows_come_later(
    behind: House, proxy: FaultProxy, fault: Callable[[FaultProxy], None]
) -> None:
    async with stage(behind, keep=Keep.AUDIO) as on:
        await on.publish(1, f"Words before {fault.__name__}.")
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await on.books.until(lambda b: b.turns(call.call_sid), "the greeting's row")
        fault(proxy)
        call.stream.say(numbered(1, 200))
        await call.say("What now?")
        await call.heard(proof_of(session))
        await call.say("And again?")
        await session.wait_until(lambda s: len(s.spoken) == 3)
        await call.wait_for_silence()
        assert await arrival(session, 200) == list(range(1, 201))
        assert len(on.books.turns(call.call_sid)) == 1
        proxy.flow()
        await call.hang_up()
        await on.books.ended(call.call_sid)
        await check_turns(on.books, call.call_sid)


async def check_turns(books: Books, sid: str) -> None:
    """Greeting, then twice a caller and an answer: each once, in order, complete."""
    turns = await books.until(
        lambda b: found if len(found := b.turns(sid)) >= 5 else None, "all turns", within=15
    )
    assert [turn["position"] for turn in turns] == [1, 2, 3, 4, 5]
    assert [turn["speaker"] for turn in turns] == ["agent", "caller", "agent", "caller", "agent"]
    assert all(turn["text"] for turn in turns)


async def test_a_call_that_ends_while_the_database_is_stalled_is_answered_and_written_later(
    behind: House, proxy: FaultProxy
) -> None:
    async with stage(behind) as on:
        call = await on.dial(1)
        await call.wait_for_audio()
        session = await on.session()
        proxy.stall()
        await call.stream.stop()
        await session.wait_closed(within=4)
        base = behind.server.base_url
        form = {"CallSid": call.call_sid, "AccountSid": ACCOUNT_SID}
        answer = await Server(base, base, TOKEN).post("/twilio/stream-ended?business=1", form)
        assert answer.status == 200
        assert "+15005550111" in answer.body
        proxy.flow()
        row = await on.books.ended(call.call_sid)
        assert row["end_reason"] == "caller_hung_up"
