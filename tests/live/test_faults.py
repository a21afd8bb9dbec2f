"""Whatever is lost, late, doubled or killed: calls go on and are current in the promised time."""

from collections.abc import Callable, Iterator

import pytest

from tests import services
from tests.conftest import give_up
from tests.live import lines
from tests.live.lines import Pair, scene
from tests.live.redis_proxy import Reorder, double, drop

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


async def test_a_change_whose_every_push_is_lost_is_found_by_asking(pair: Pair) -> None:
    async with scene(pair) as told:
        go(pair, lambda: drop)
        pushed = [proxy.pushed for proxy in pair.to_redis]
        revision = await told.publish("Words whose push is lost.")
        await told.is_current(revision, route="reconcile")
        assert all(p.pushed > before for p, before in zip(pair.to_redis, pushed, strict=True))
        pair.heal()
        await told.is_current(await told.publish("Words that are pushed."), route="push")


async def test_pushes_that_overtake_each_other_never_bring_older_words_back(pair: Pair) -> None:
    async with scene(pair) as told:
        go(pair, Reorder)
        await told.publish("Words whose push comes last.")
        revision = await told.publish("Words whose push comes first.")
        await told.is_current(revision)
        for line in told.at(1, "inbound"):
            assert "push comes first" in line.updates()[-1]
        assert [len(line.updates()) for line in told.at(2, "inbound")] == [1, 1]


async def test_a_push_that_comes_twice_is_one_update_and_one_receipt(pair: Pair) -> None:
    async with scene(pair) as told:
        go(pair, lambda: double)
        revision = await told.publish("Words that are pushed twice.")
        await told.is_current(revision, route="push")
        await told.is_current(await told.publish("And newer ones."), route="push")
        for line in told.at(1, "inbound"):
            assert len(line.updates()) == 3
            assert [row["revision"] for row in line.receipts()].count(revision) == 1
