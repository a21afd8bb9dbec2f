"""After publishing, the page of the release shows how the calls in progress take it."""

import asyncio

import pytest

from calls.simulator.caller import SimulatedCaller
from tests.live.desk import Desk, Page
from tests.live.stage import GREETING, House, Stage, house, stage
from tests.services import PrivateRedis

pytestmark = pytest.mark.both_databases
FINAL = "data-final"


async def begun(on: Stage, business_id: int = 1) -> SimulatedCaller:
    """A call under words of its own, whose first receipt is written."""
    await on.publish(business_id, "Words before.")
    call = await on.dial(business_id)
    await call.heard(GREETING)
    await on.books.until(lambda b: b.receipts(call.call_sid), "the first receipt")
    return call


def is_final(page: Page) -> bool:
    return FINAL in page.text


async def test_the_page_goes_from_waiting_to_confirmed(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        desk = await asyncio.to_thread(Desk, uvicorn.server.base_url)
        await begun(on)
        on.model.faults.configured = "missing"  # until it is asked again, after three seconds
        published = (await on.publish(1, "Words that arrive late.")).data
        (entry,) = published["receipts"]
        assert (entry["waiting"], entry["settled"]) == (1, False)
        result = f"{entry['page']}result/"
        waiting = await asyncio.to_thread(desk.open, result)
        assert entry["sentence"] in waiting.words
        assert "Not confirmed yet, still on v" in waiting.words
        assert not is_final(waiting)
        on.model.faults.configured = "ok"
        done = await desk.until(result, is_final, "the confirmation")
        assert "Confirmed in 1 of 1 call in progress, slowest" in done.words
        assert "Confirmed by the voice service" in done.words
        kept = await asyncio.to_thread(desk.open, entry["page"])
        assert "Confirmed in 1 of 1 call in progress, slowest" in kept.words


async def test_taking_back_leads_to_a_page_that_says_when_it_is_confirmed(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        desk = await asyncio.to_thread(Desk, uvicorn.server.base_url)
        call = await begun(on)
        wrong = (await on.publish(1, "A wrong price.")).data
        form = {"reason": "A wrong price", "base": str(wrong["inbound"]["version"])}
        way = "/admin/prompts/business/1/prompt/inbound/take-back/"
        landed = await asyncio.to_thread(lambda: desk.send(way, **form))
        assert "Taken back: v" in landed.words
        done = await desk.until(f"{landed.path}result/", is_final, "the confirmation")
        assert "Confirmed in 1 of 1 call in progress, slowest" in done.words
        await call.say("And now?")
        session = await on.session()
        assert "Words before." in session.instructions


async def test_a_call_that_ends_first_is_told_as_ended(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        desk = await asyncio.to_thread(Desk, uvicorn.server.base_url)
        call = await begun(on)
        on.model.faults.configured = "missing"
        (entry,) = (await on.publish(1, "Words that come too late.")).data["receipts"]
        await call.hang_up()
        done = await desk.until(f"{entry['page']}result/", is_final, "the end of the call")
        assert "Confirmed in 0 of 1 call in progress; 1 ended." in done.words
        assert "Ended before" in done.words


async def test_with_redis_away_the_page_says_when_calls_will_have_it(
    private_redis: PrivateRedis,
) -> None:
    with house("uvicorn", REDIS_URL=private_redis.url) as alone:
        async with stage(alone) as on:
            desk = await asyncio.to_thread(Desk, alone.server.base_url)
            await begun(on, 2)
            private_redis.kill()
            (entry,) = (await on.publish(2, "Words of a day without Redis.")).data["receipts"]
            promise = "Live. Calls in progress pick it up within 6 seconds."
            assert entry["sentence"] == promise
            page = await asyncio.to_thread(desk.open, f"{entry['page']}result/")
            assert promise in page.words or is_final(page)
            done = await desk.until(f"{entry['page']}result/", is_final, "the confirmation")
            assert "Confirmed in 1 of 1 call in progress" in done.words
            assert "route reconcile" in done.words
