"""Whatever is lost, late, doubled or killed: calls go on and are current in the promised time."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.client import HTTPException

import msgpack
import pytest
from redis import Redis

from tests import services
from tests.conftest import give_up
from tests.live import lines
from tests.live.fault_proxy import FaultProxy
from tests.live.lines import Pair, scene
from tests.live.redis_proxy import RedisProxy, Reorder, double, drop
from tests.live.stage import GREETING, house

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    try:
        with lines.pair() as running:
            yield running
    except services.Missing as missing:
        give_up(str(missing))


@pytest.fixture(autouse=True)
def _healed(pair: Pair) -> Iterator[None]:
    yield
    pair.heal()


def go(pair: Pair, mischief: Callable[[], object]) -> None:
    """Let the pushes to each process go wrong in a way of its own."""
    for proxy in pair.to_redis:
        proxy.mischief = mischief()  # type: ignore[assignment]


async def test_pushes_that_are_lost_that_overtake_each_other_and_that_come_twice(
    pair: Pair,
) -> None:
    async with scene(pair) as told:
        go(pair, lambda: drop)
        pushed = [proxy.pushed for proxy in pair.to_redis]
        revision = await told.publish("Words whose push is lost.")
        await told.is_current(revision, route="reconcile")
        assert all(p.pushed > before for p, before in zip(pair.to_redis, pushed, strict=True))

        go(pair, Reorder)
        await told.publish("Words whose push comes last.")
        revision = await told.publish("Words whose push comes first.")
        await told.is_current(revision)
        for line in told.at(1, "inbound"):
            assert "push comes first" in line.updates()[-1]

        go(pair, lambda: double)
        counts = [len(line.updates()) for line in told.at(1, "inbound")]
        revision = await told.publish("Words that are pushed twice.")
        await told.is_current(revision, route="push")
        await told.is_current(await told.publish("And newer ones."), route="push")
        for line, count in zip(told.at(1, "inbound"), counts, strict=True):
            assert len(line.updates()) == count + 2
            assert [row["revision"] for row in line.receipts()].count(revision) == 1


async def test_messages_of_nobody_and_of_long_ago_are_no_outage(pair: Pair) -> None:
    before = logged(pair)
    async with scene(pair) as told:
        with Redis.from_url(pair.redis.url) as client:
            for message in (
                b"\xc1 no message at all",
                msgpack.packb(["instructions.changed"]),
                msgpack.packb({"type": "instructions.changed", "business": "1", "revision": 9**9}),
                msgpack.packb({"type": "instructions.changed", "business": 1, "revision": 1}),
                msgpack.packb({"type": "calls.refresh", "business": 1, "call": None}),
            ):
                assert client.publish(GROUP, message) == len(pair.houses)
        await told.is_current(await told.publish("Words among strangers."), route="push")
        for line in told.at(1, "inbound"):
            assert len(line.updates()) == 2
    for there, start in zip(pair.houses, before, strict=True):
        assert AWAY not in there.server.log[start:]


GROUP = "voiceagent:0__group__instructions"
AWAY, BACK = "The channel layer is away", "The channel layer is back"


def forget(pair: Pair) -> None:
    """As a router does that was started anew."""
    for proxy in pair.to_redis:
        proxy.drop()


Act = Callable[[Pair], object]
OUTAGES: dict[str, tuple[Act, Act]] = {
    "killed": (lambda p: p.redis.kill(), lambda p: p.redis.start()),  # and is empty then
    "frozen": (lambda p: p.redis.freeze(), lambda p: p.redis.thaw()),
    "forgotten": (forget, lambda p: None),
}


async def test_without_redis_changes_are_found_by_asking_and_pushed_again_after_it(
    pair: Pair,
) -> None:
    async with scene(pair) as told:
        for name, (begin, end) in OUTAGES.items():
            before = logged(pair)
            begin(pair)
            found = await told.publish(f"Words while Redis is {name}.")
            await told.is_current(found, route="reconcile")
            await until_logged(pair, AWAY, before)
            end(pair)
            await until_logged(pair, BACK, before)
            await told.is_current(await told.publish(f"After it was {name}."), route="push")


def logged(pair: Pair) -> list[int]:
    """How much each process has logged so far."""
    return [len(there.server.log) for there in pair.houses]


async def until_logged(pair: Pair, words: str, after: list[int]) -> None:
    async with asyncio.timeout(15):
        for there, start in zip(pair.houses, after, strict=True):
            while words not in there.server.log[start:]:  # noqa: ASYNC110 - a file is silent
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("fault", [FaultProxy.stall, FaultProxy.cut])
async def test_a_change_made_behind_a_database_out_of_reach_comes_when_it_can_be_read(
    pair: Pair, fault: Callable[[FaultProxy], None]
) -> None:
    async with scene(pair) as told:
        fault(pair.to_database)
        revision = await told.publish("Words that could not be read.")
        await asyncio.sleep(lines.RECONCILE_SECONDS)  # the outage itself: asked in vain
        readable = datetime.now(UTC)
        pair.to_database.flow()
        await told.is_current(revision, since=readable)


async def test_a_slow_and_a_stalled_way_to_the_model_lose_nothing(pair: Pair) -> None:
    before = logged(pair)
    async with scene(pair) as told:
        pair.to_model.delay = 0.15
        await told.is_current(await told.publish("Words on a slow way."), route="push")
        pair.to_model.stall()
        revision = await told.publish("Words on a way that is stalled.")
        await until_logged(pair, "attempt=2", before)  # sent again while nobody answers
        answering = datetime.now(UTC)
        pair.to_model.flow()
        await told.is_current(revision, since=answering)


async def test_a_worker_killed_between_commit_and_announcement_leaves_no_call_behind(
    pair: Pair,
) -> None:
    with RedisProxy(pair.redis.url) as to_redis:
        async with scene(pair) as told:
            with house(beside=pair.office, REDIS_URL=to_redis.url) as victim:
                lost = await told.on.dial(1, house=victim)
                await lost.heard(GREETING)
                before = victim.books.select(NEWEST)[0]["number"]
                pushed = [proxy.pushed for proxy in pair.to_redis]
                to_redis.stall()
                publishing = asyncio.ensure_future(told.publish("Orphaned words.", house=victim))
                await victim.books.until(
                    lambda books: books.select(NEWEST)[0]["number"] > before, "the commit"
                )
                assert not publishing.done()
                victim.server.kill()
                with pytest.raises((OSError, HTTPException)):
                    await publishing
            assert [proxy.pushed for proxy in pair.to_redis] == pushed
            await told.is_current(before + 1, route="reconcile")


NEWEST = "SELECT max(number) AS number FROM prompts_revision WHERE business_id = 1"


@pytest.mark.slow
async def test_half_a_minute_without_redis_and_part_of_it_without_the_database(pair: Pair) -> None:
    """The one outage that lasts as long as real ones, so that pauses have grown to their limits."""
    before = logged(pair)
    async with scene(pair) as told:
        began = time.monotonic()
        pair.redis.kill()
        for number in range(2):
            await told.is_current(await told.publish(f"Words {number}."), route="reconcile")
        pair.to_database.cut()
        revision = await told.publish("Words that could not be read.")
        await asyncio.sleep(28 - (time.monotonic() - began))
        readable = datetime.now(UTC)
        pair.to_database.flow()
        await told.is_current(revision, since=readable)
        await asyncio.sleep(30 - (time.monotonic() - began))
        pair.redis.start()
        await until_logged(pair, BACK, before)
        await told.is_current(await told.publish("Words after it all."), route="push")
    for there, start in zip(pair.houses, before, strict=True):
        assert there.server.log[start:].count(AWAY) == 1
