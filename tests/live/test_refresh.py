"""Words sent again because a person asked, to calls in this process and in others."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from calls.simulator.caller import SimulatedCaller
from tests.live.books import Row
from tests.live.stage import House, Reply, Stage, house, stage
from tests.services import PrivateRedis


@pytest.fixture(scope="module")
def pair(redis_of_module: str) -> Iterator[tuple[House, House]]:
    """Two processes with one Redis, in which nothing is ever found by asking."""
    shared = {"REDIS_URL": redis_of_module, "RECONCILE_SECONDS": "3600"}
    with house("uvicorn", **shared) as one, house("daphne", beside=one, **shared) as other:
        yield one, other


async def ready(on: Stage, call: SimulatedCaller) -> None:
    """Let a call begin, and its first receipt be written."""
    await on.books.until(lambda b: b.receipts(call.call_sid), "the first receipt")


async def refresh(house: House, call: SimulatedCaller, **body: object) -> Reply:
    path = f"/realtime/session/{call.call_sid}/refresh"
    return await asyncio.to_thread(house.http, "POST", path, body)


async def sessions(house: House) -> dict[str, Row]:
    reply = await asyncio.to_thread(house.http, "GET", "/realtime/sessions")
    return {row["id"]: row for row in reply.data["sessions"]}


@pytest.mark.both_databases
@pytest.mark.parametrize("place", ["here", "elsewhere"])
async def test_a_refresh_is_confirmed_wherever_the_call_is(
    pair: tuple[House, House], place: str
) -> None:
    one, other = pair
    asked = one if place == "here" else other
    async with stage(one) as on:
        call = await on.dial(2)
        await ready(on, call)
        unchanged = await refresh(asked, call)
        assert (unchanged.status, unchanged.data["receipt"]["result"]) == (200, "unchanged")
        forced = await refresh(asked, call, force=True)
        assert forced.status == 200, forced.text
        receipt = forced.data["receipt"]
        assert (receipt["result"], receipt["route"]) == ("acknowledged", "manual")
        assert receipt["hash_sent"] == receipt["hash_echoed"]
        assert forced.seconds < 2
        row = (await sessions(other))[call.call_sid]
        assert row["receipt"]["id"] == receipt["id"]
        assert row["fingerprint"] == receipt["hash_sent"]
        taken = "SELECT refresh_id FROM calls_call WHERE sid = %s"
        await on.books.until(
            lambda b: b.select(taken, call.call_sid)[0]["refresh_id"] is None, "the trace to go"
        )


async def test_a_call_whose_push_was_lost_has_the_new_words_after_a_refresh(
    pair: tuple[House, House],
) -> None:
    """A third process shares the database and no Redis, so what it publishes is not pushed."""
    one, other = pair
    with house("uvicorn", beside=one) as alone:
        async with stage(one) as on:
            call = await on.dial(2)
            await ready(on, call)
            state = (await on.publish(2, "Words that nobody announced.", house=alone)).data
            answer = await refresh(other, call)
            assert answer.status == 200, answer.text
            assert answer.data["receipt"]["revision"] == state["revision"]
            assert "nobody announced" in (await on.session()).instructions


async def test_every_call_of_a_business_is_refreshed_and_no_other(
    pair: tuple[House, House],
) -> None:
    one, other = pair
    async with stage(one) as on:
        await on.publish(2, "Words of many calls.")
        calls = [await on.dial(2, house=(one, other)[n % 2]) for n in range(4)]
        foreign = await on.dial(3)
        await asyncio.gather(*(ready(on, call) for call in calls))
        await ready(on, foreign)
        path = "/realtime/business/2/refresh"
        answer = await asyncio.to_thread(one.http, "POST", path, {"force": True})
        results = {row["id"]: row["status"] for row in answer.data["results"]}
        assert results == dict.fromkeys((call.call_sid for call in calls), 200)
        assert not [r for r in on.books.receipts(foreign.call_sid) if r["route"] == "manual"]


async def test_an_unknown_call_is_404_and_an_ended_one_409(pair: tuple[House, House]) -> None:
    one, other = pair
    async with stage(one) as on:
        call = await on.dial(2)
        await ready(on, call)
        await call.hang_up()
        await on.books.ended(call.call_sid)
        ended = await refresh(other, call)
        assert (ended.status, ended.data["message"]) == (409, "The call has ended.")
        path = f"/realtime/session/CA{'9' * 32}/refresh"
        unknown = await asyncio.to_thread(one.http, "POST", path, {})
        assert (unknown.status, unknown.data["detail"]) == (404, "There is no such call.")
        assert call.call_sid not in await sessions(other)


async def test_a_voice_service_that_does_not_confirm_is_504_and_a_refusal_502(
    pair: tuple[House, House],
) -> None:
    one, other = pair
    async with stage(one) as on:
        call = await on.dial(2)
        await ready(on, call)
        on.model.faults.configured = "refused"
        refused = await refresh(other, call, force=True)
        assert (refused.status, refused.data["receipt"]["result"]) == (502, "refused")
        on.model.faults.configured = "missing"
        missing = await refresh(one, call, force=True)
        assert missing.status == 504
        assert 8 <= missing.seconds < 10


async def test_with_redis_away_a_call_elsewhere_picks_it_up_by_asking(
    private_redis: PrivateRedis,
) -> None:
    shared = {"REDIS_URL": private_redis.url, "RECONCILE_SECONDS": "1"}
    with house("uvicorn", **shared) as one, house("uvicorn", beside=one, **shared) as other:
        async with stage(one) as on:
            call = await on.dial(2)
            await ready(on, call)
            private_redis.kill()
            answer = await refresh(other, call, force=True)
            assert answer.status == 202
            assert answer.data["message"] == "The change will be picked up within 2 seconds."
            found = await on.books.until(
                lambda b: [r for r in b.receipts(call.call_sid) if r["route"] == "manual"],
                "the reconcile to find it",
                within=4,
            )
            assert found[0]["result"] == "acknowledged"
            here = await refresh(one, call)
            assert (here.status, here.data["receipt"]["result"]) == (200, "unchanged")


@pytest.mark.both_databases
async def test_the_commands_say_the_same(pair: tuple[House, House]) -> None:
    one, other = pair
    async with stage(one) as on:
        call = await on.dial(2)
        await ready(on, call)
        told = await asyncio.to_thread(other.server.manage, "live_calls", "--json")
        assert [row["id"] for row in json.loads(told)["sessions"]] == [call.call_sid]
        told = await asyncio.to_thread(other.server.manage, "refresh_calls", "--force", "--json")
        (result,) = json.loads(told)["results"]
        assert (result["id"], result["status"]) == (call.call_sid, 200)
        assert result["receipt"]["route"] == "manual"


async def test_without_redis_the_command_speaks_to_the_running_server(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        call = await on.dial(2)
        await ready(on, call)
        told = await asyncio.to_thread(uvicorn.server.manage, "refresh_calls", "--force")
        assert told.strip() == f"{call.call_sid}  Confirmed by the voice service."


@pytest.mark.parametrize("shared", [True, False])
async def test_state_and_freshness_are_told_beside_a_call_in_progress(
    pair: tuple[House, House], uvicorn: House, shared: bool
) -> None:
    """Over Redis by the command itself, without it by the running server."""
    there = pair[0] if shared else uvicorn
    async with stage(there) as on:
        call = await on.dial(2)
        await ready(on, call)
        told = await asyncio.to_thread(there.server.manage, "prompt_state", "2", "--json")
        state = json.loads(told)
        found = state["directions"]["inbound"]
        assert found["cache"]["words"] == found["database"]["words"]
        (held,) = (row for row in found["calls"] if row["id"] == call.call_sid)
        assert (held["agrees"], held["words"]) == (True, found["database"]["words"])
        told = await asyncio.to_thread(there.server.manage, "check_freshness", "2", "--json")
        assert json.loads(told)["fresh"]
        receipts = await on.books.until(
            lambda b: [
                r for r in b.receipts(call.call_sid) if r["revision"] >= state["revision"] + 3
            ],
            "the call to find nothing changed",
        )
        assert receipts[-1]["result"] == "unchanged"
