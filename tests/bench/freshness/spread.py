"""The load: calls that say nothing, and one publish by itself after the other.

No core relays the sound of 500 calls, so these are silent; what publishing does to sound is
measured with fewer calls by `sound`.
"""

import asyncio
import gc
import sys
import time
from dataclasses import asdict, dataclass

import orjson
import uvloop

from tests.bench.freshness.model import Arrival, Arrivals, ModelSession
from tests.bench.freshness.publishing import Publisher
from tests.bench.load import HOST, Call, Count, hang_up_all, open_all

# Waking this process for each update would cost the server 20 us (measured), which a peer on
# another machine does not: it looks at its sockets a thousand times a second instead.
NAP = 0.001
SETTLED_AFTER = 2.0
APART = 1.15  # seconds from one publish to the next, so that each is one by itself


@dataclass(frozen=True, slots=True)
class Plan:
    """How many calls and publishes, and where."""

    model_port: int
    ports: list[int]  # of the servers, in turn
    token: str
    text: str
    calls: int
    calls_per_second: float
    publishes: int


@dataclass(frozen=True, slots=True)
class Publish:
    """What became of one publish."""

    revision: int
    calls: int
    first: int  # nanoseconds on the clock of the day
    last: int
    late_ms: float  # how late the load itself was at worst meanwhile


class Watch:
    """Naps between two looks at the sockets, and knows how late it was for one at worst."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._loop = asyncio.get_running_loop()
        self._looked = time.monotonic()
        self._look()

    def _look(self) -> None:
        time.sleep(NAP)
        now = time.monotonic()
        self.worst, self._looked = max(self.worst, now - self._looked - NAP), now
        self._loop.call_soon(self._look)


async def measure(plan: Plan) -> list[Publish]:
    """Place the calls, publish, hang up."""
    arrivals, count, loop = Arrivals(), Count(), asyncio.get_running_loop()
    model = await loop.create_server(
        lambda: ModelSession(arrivals.note), HOST, plan.model_port, backlog=plan.calls
    )
    calls = [Call(index, count) for index in range(plan.calls)]
    try:
        await open_all(calls, plan.ports, plan.calls_per_second, dialled=True)
        if count.unplaced:
            raise SystemExit(f"{count.unplaced} calls were not placed.")
        await asyncio.sleep(SETTLED_AFTER)
        gc.collect()
        gc.disable()
        return await _publish(plan, arrivals)
    finally:
        await hang_up_all(calls)
        model.close()


async def _publish(plan: Plan, arrivals: Arrivals) -> list[Publish]:
    publisher, watch, found = Publisher(plan.token, plan.text), Watch(), list[Publish]()
    for turn in range(plan.publishes):
        watch.worst = 0.0
        apart = asyncio.ensure_future(asyncio.sleep(APART))
        revision = await publisher.publish(plan.ports[turn % len(plan.ports)])
        await apart
        told = arrivals.by_number.get(publisher.number, Arrival(0, 0, 0))
        late_ms = watch.worst * 1000
        found.append(Publish(revision, told.calls, told.first, told.last, late_ms))
    return found


def main() -> None:
    """Measure what the first argument describes; print what was found."""
    plan = Plan(**orjson.loads(sys.argv[1]))
    found = uvloop.run(measure(plan))
    sys.stdout.buffer.write(orjson.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
