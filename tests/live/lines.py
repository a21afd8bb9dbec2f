"""Calls in two processes whose sound is counted at both ends while something goes wrong."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from calls.simulator.caller import SimulatedCaller
from calls.simulator.realtime.record import Keep, SessionRecord
from tests.live.books import Row
from tests.live.fault_proxy import FaultProxy
from tests.live.numbers import arrival, numbered
from tests.live.redis_proxy import RedisProxy
from tests.live.stage import GREETING, House, Reply, Stage, house, proof_of, stage
from tests.servers import seeded_database
from tests.services import PrivateRedis

RECONCILE_SECONDS = 2
CURRENT_WITHIN = RECONCILE_SECONDS + 1.0
PLACES = ((1, "inbound"), (1, "outbound"), (2, "inbound"))
FEED = 25  # numbered frames at a time


@dataclass
class Pair:
    """Two processes with calls, whose ways to everything else are a test's to break.

    Staff publish in a third process, the office, whose own ways are not broken.
    """

    houses: tuple[House, House]
    office: House
    redis: PrivateRedis
    to_redis: tuple[RedisProxy, RedisProxy]
    to_database: FaultProxy
    to_model: FaultProxy

    @property
    def proxies(self) -> tuple[FaultProxy, ...]:
        return (*self.to_redis, self.to_database, self.to_model)

    def heal(self) -> None:
        """Undo whatever a test did."""
        for proxy in self.proxies:
            proxy.flow()
        if self.redis.process is None:
            self.redis.start()
        self.redis.thaw()


@contextmanager
def pair() -> Iterator[Pair]:
    """Start everything; raises `services.Missing`."""
    with ExitStack() as resources:
        database_url = resources.enter_context(seeded_database("postgres"))
        redis = PrivateRedis()
        redis.start()
        resources.callback(redis.close)
        to_redis = [resources.enter_context(RedisProxy(redis.url)) for _ in range(2)]
        to_database = resources.enter_context(FaultProxy(database_url))
        office = resources.enter_context(house(database_url=database_url, REDIS_URL=redis.url))
        model = f"ws://127.0.0.1:{office.model_port}/v1/realtime"
        to_model = resources.enter_context(FaultProxy(model))
        houses = [
            resources.enter_context(
                house(
                    server,
                    beside=office,
                    database_url=to_database.url,
                    REDIS_URL=proxy.url,
                    OPENAI_REALTIME_URL=to_model.url,
                    RECONCILE_SECONDS=str(RECONCILE_SECONDS),
                )
            )
            for server, proxy in zip(("uvicorn", "daphne"), to_redis, strict=True)
        ]
        yield Pair(
            (houses[0], houses[1]),
            office,
            redis,
            (to_redis[0], to_redis[1]),
            to_database,
            to_model,
        )


@dataclass
class Line:
    """One call and the model's session behind it."""

    on: Stage
    place: tuple[int, str]
    call: SimulatedCaller
    session: SessionRecord
    numbers: int = 0
    _feeding: asyncio.Task[None] | None = None

    def begin_to_count(self) -> None:
        """Let the caller send numbered frames without a pause."""
        self._feeding = asyncio.ensure_future(self._feed())

    async def _feed(self) -> None:
        stream = self.call.stream
        assert stream is not None
        while True:
            stream.say(numbered(self.numbers + 1, FEED))
            self.numbers += FEED
            await self.call.until(lambda _call: not stream.is_speaking, within=30)

    async def check_frames_in(self) -> None:
        """Every numbered frame has reached the model, in order."""
        if self._feeding is not None:
            self._feeding.cancel()
            with suppress(asyncio.CancelledError):
                await self._feeding
        assert await arrival(self.session, self.numbers) == list(range(1, self.numbers + 1))

    async def check_answer(self) -> None:
        """The caller asks, and hears what stands under the newest words of the model's side."""
        await self.call.say("And what now?")
        await self.call.heard(proof_of(self.session))

    async def check_frames_out(self) -> None:
        """All sound that the model made has reached the caller, byte for byte."""
        await self.call.wait_for_silence()
        deltas = self.session.sent_of("response.output_audio.delta")
        assert self.call.stream is not None
        assert self.call.stream.heard() == b"".join(b64decode(one["delta"]) for one in deltas)

    async def receipt(self, revision: int, *, within: float = 15) -> Row:
        """What this call answered to a revision."""

        def probe(_books: object) -> Row | None:
            return next((row for row in self.receipts() if row["revision"] == revision), None)

        return await self.on.books.until(probe, f"the receipt of r{revision}", within=within)

    def receipts(self) -> list[Row]:
        return self.on.books.receipts(self.call.call_sid)

    def updates(self) -> list[str]:
        """The texts that the model was sent, in order."""
        sent = self.session.received_of("session.update")
        return [one["session"].get("instructions", "") for one in sent]


@dataclass
class Scene:
    """The calls of one test."""

    pair: Pair
    on: Stage
    lines: list[Line] = field(default_factory=list)

    def at(self, *place: object) -> list[Line]:
        """The calls of one business and direction, one in each process."""
        return [line for line in self.lines if line.place == place]

    async def publish(
        self, text: str, business_id: int = 1, direction: str = "inbound", **more: House
    ) -> int:
        """Publish in the office; the revision."""
        reply: Reply = await self.on.publish(
            business_id, text, direction, house=more.get("house", self.pair.office)
        )
        revision: int = reply.data["revision"]
        return revision

    async def is_current(
        self, revision: int, *, route: str = "", since: datetime | None = None
    ) -> None:
        """Every inbound call of business 1 confirmed a revision within the promised time.

        The time counts from the commit, or from ``since``, when the database could be read again.
        """
        for line in self.at(1, "inbound"):
            row = await line.receipt(revision)
            assert row["result"] == "acknowledged", row
            assert row["hash_sent"] == row["hash_echoed"]
            late = (row["acknowledged_at"] - (since or row["committed_at"])).total_seconds()
            assert late <= CURRENT_WITHIN, f"confirmed by {row['route']} after {late:.1f} s"
            assert route in ("", row["route"]), f"by {row['route']} after {late:.1f} s"


@asynccontextmanager
async def scene(pair: Pair) -> AsyncIterator[Scene]:
    """Six calls in two processes; after the test none has ended and no frame was lost."""
    async with stage(pair.office, keep=Keep.AUDIO) as on:
        told = Scene(pair, on)
        for place in PLACES:
            await told.publish("Words before anything went wrong.", *place)
            for there in pair.houses:
                call = await on.dial(*place, house=there)
                session = await on.session(len(told.lines) + 1)
                told.lines.append(Line(on, place, call, session))
        await asyncio.gather(*(_begun(line) for line in told.lines))
        yield told
        pair.heal()
        await asyncio.gather(*(_whole(line) for line in told.lines))
        for line in told.lines:
            assert not line.call.is_over, line.call.outcome
            check_order(line)
            if line.place != (1, "inbound"):  # nobody published for these
                assert len(line.updates()) == 1
        on.check_wire()
    for there in pair.houses:
        assert "Traceback" not in there.server.log


async def _begun(line: Line) -> None:
    await line.call.heard(GREETING)
    await line.on.books.until(lambda _books: line.receipts(), "the first receipt")
    line.begin_to_count()


async def _whole(line: Line) -> None:
    await line.check_frames_in()
    await line.check_answer()
    await line.check_frames_out()


def check_order(line: Line) -> None:
    """What was confirmed never went back to an older revision, and nothing was confirmed twice."""
    confirmed = [row for row in line.receipts() if row["result"] == "acknowledged"]
    in_time = sorted(confirmed, key=lambda row: row["acknowledged_at"])
    revisions = [row["revision"] for row in in_time]
    assert revisions == sorted(set(revisions))
