"""The load: calls that talk, in windows in turn without and with two publishes a second."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from time import monotonic_ns

import orjson
import uvloop

from tests.bench.figures import LATE_SHARE, percentile
from tests.bench.freshness.model import ANSWER, PAUSE, TalkingSession
from tests.bench.freshness.publishing import Publisher
from tests.bench.load import HOST, Call, Count, Ticker, hang_up_all, open_all

EVERY = 0.5  # seconds from one publish to the next
COMES_BACK_WITHIN = 0.3
WARM_UP = 4.0  # every call has had its turn to speak


@dataclass(frozen=True, slots=True)
class Plan:
    """How many calls, and which windows."""

    model_port: int
    port: int
    token: str
    text: str
    calls: int
    calls_per_second: float
    pairs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Window:
    """The sound of some seconds, said back by the model in the model's turns to speak."""

    publishes: int
    updates: int
    frames: int
    late_share: float
    p50_ms: float
    p99_ms: float

    @property
    def is_valid(self) -> bool:
        """Whether the load itself was on time."""
        return self.frames > 0 and self.late_share < LATE_SHARE


class Stage:
    """The calls, whoever publishes, and what is counted."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._count = Count()
        self._updates = 0
        self._sessions = 0
        self._publisher = Publisher(plan.token, plan.text)

    def session(self) -> TalkingSession:
        """Another session of the model; they take their turns to speak at different times."""
        self._sessions += 1
        begins_at = self._sessions * (ANSWER + PAUSE) // self._plan.calls
        return TalkingSession(self._updated, begins_at)

    def _updated(self, _update: bytes) -> None:
        self._updates += 1

    async def measure(self) -> list[Window]:
        """All windows; without and with in turn, so that what disturbs one disturbs the other."""
        plan = self._plan
        calls = [Call(index, self._count) for index in range(plan.calls)]
        ticker = Ticker(calls, self._count)
        try:
            await open_all(calls, [plan.port], plan.calls_per_second, dialled=True)
            if self._count.unplaced:
                raise SystemExit(f"{self._count.unplaced} calls were not placed.")
            ticker.tick()
            await asyncio.sleep(WARM_UP)
            return [await self._window(publishing=bool(n % 2)) for n in range(2 * plan.pairs)]
        finally:
            ticker.stop()
            await hang_up_all(calls)

    async def _window(self, *, publishing: bool) -> Window:
        count, published = self._count, self._publisher.number
        count.away.clear()
        count.ticks = count.late = count.sent = self._updates = 0
        count.first, count.last = monotonic_ns(), 2**63
        publishes = asyncio.ensure_future(self._publish() if publishing else _nothing())
        await asyncio.sleep(self._plan.seconds)
        count.last = monotonic_ns()
        publishes.cancel()
        with suppress(asyncio.CancelledError):
            await publishes
        await asyncio.sleep(COMES_BACK_WITHIN)
        return Window(
            publishes=self._publisher.number - published,
            updates=self._updates,
            frames=len(count.away),
            late_share=count.late / max(1, count.ticks),
            p50_ms=percentile(count.away, 0.50) / 1e6,
            p99_ms=percentile(count.away, 0.99) / 1e6,
        )

    async def _publish(self) -> None:
        """Two texts a second, however long each of them takes."""
        while True:
            again = asyncio.ensure_future(asyncio.sleep(EVERY))
            await asyncio.shield(self._publisher.publish(self._plan.port))
            await again


async def _nothing() -> None:
    await asyncio.Event().wait()


async def measure(plan: Plan) -> list[Window]:
    """Be the model, the callers and the publisher."""
    stage, loop = Stage(plan), asyncio.get_running_loop()
    model = await loop.create_server(stage.session, HOST, plan.model_port, backlog=plan.calls)
    try:
        return await stage.measure()
    finally:
        model.close()


def main() -> None:
    """Measure what the first argument describes; print what was found."""
    plan = Plan(**orjson.loads(sys.argv[1]))
    found = uvloop.run(measure(plan))
    sys.stdout.buffer.write(orjson.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
