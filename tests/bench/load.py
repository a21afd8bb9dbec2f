"""The load: calls as Twilio places them, 50 frames a second each way, never waiting for an answer.

Every frame carries its own send time, so that what comes back tells how long it was away.
"""

import asyncio
import os
import sys
import time
from dataclasses import asdict, dataclass, field

import orjson
import uvloop

from tests.bench.dialling import ACCOUNT_SID, dial
from tests.bench.figures import LATE_NS, Window, percentile
from tests.bench.wire import ClientSocket, open_client

HOST = "127.0.0.1"
FRAME_NS = 20_000_000
STAMP = 16  # digits of the clock in nanoseconds, which are base64 as well
FILL = b"f/+7" * 49 + b"/w=="
PAYLOAD = b'"payload":"'
SETTLES = 2.0  # seconds that the last frames may take to come back
OPENS_WITHIN = 15.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One window."""

    port: int
    calls: int
    pid: int  # the process whose CPU time is read
    dialled: bool  # by webhook; the bare relay is only connected to
    calls_per_second: float
    warm_up: float
    seconds: float


@dataclass(slots=True)
class Count:
    """What is counted while a window is open."""

    first: int = 2**63  # frames that were sent from here ...
    last: int = 2**63  # ... until here belong to the window
    sent: int = 0
    unplaced: int = 0
    reordered: int = 0
    damaged: int = 0
    ticks: int = 0
    late: int = 0
    away: list[int] = field(default_factory=list)  # nanoseconds, one for each frame that came back
    webhooks: list[float] = field(default_factory=list)
    first_audio: list[float] = field(default_factory=list)


class Call:
    """One caller."""

    def __init__(self, index: int, count: Count) -> None:
        self.count = count
        self._head = b'{"event":"media","sequenceNumber":"'
        self._tail = FILL + b'"},"streamSid":"MZ%032x"}' % index
        self._sid = f"MZ{index:032x}"
        self._socket: ClientSocket | None = None
        self._asked = 0.0
        self._sequence = 1
        self._newest = 0
        self.is_open = False

    async def open(self, port: int, *, dialled: bool) -> None:
        """Place the call and open its media socket."""
        call_sid, path = "CA" + "0" * 32, "/"
        if dialled:
            admitted = await dial(HOST, port)
            self.count.webhooks.append(admitted.seconds)
            call_sid, path = admitted.call_sid, admitted.path
        self._asked = time.monotonic() if dialled else 0.0  # the bare relay has no greeting
        self._socket = await open_client(HOST, port, path, self._heard)
        await asyncio.wait_for(self._socket.opened, OPENS_WITHIN)
        self._socket.send(b'{"event":"connected","protocol":"Call","version":"1.0.0"}')
        self._socket.send(orjson.dumps(self._start(call_sid)))
        self.is_open = True

    def _start(self, call_sid: str) -> dict[str, object]:
        start = {
            "accountSid": ACCOUNT_SID,
            "streamSid": self._sid,
            "callSid": call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {},
        }
        return {"event": "start", "sequenceNumber": "1", "streamSid": self._sid, "start": start}

    def speak(self) -> int:
        """Send one frame; the moment at which it left."""
        self._sequence += 1
        number = self._sequence
        now = time.monotonic_ns()
        assert self._socket is not None
        self._socket.send(
            b'%s%d","media":{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"%016d%s'
            % (self._head, number, number - 1, (number - 2) * 20, now, self._tail)
        )
        return now

    def _heard(self, text: bytes) -> None:
        now = time.monotonic_ns()
        at = text.find(PAYLOAD) + len(PAYLOAD)
        if at < len(PAYLOAD):
            self._played(text)
            return
        if self._asked:
            self.count.first_audio.append(now / 1e9 - self._asked)
            self._asked = 0.0
        stamp = text[at : at + STAMP]
        if not stamp.isdigit():  # the greeting
            return
        sent = int(stamp)
        if sent <= self._newest:
            self.count.reordered += 1
        if not text.startswith(FILL, at + STAMP):
            self.count.damaged += 1
        self._newest = sent
        if self.count.first <= sent < self.count.last:
            self.count.away.append(now - sent)

    def _played(self, text: bytes) -> None:
        """A mark: what comes at real time is played as it comes, so it goes back at once."""
        message = orjson.loads(text)
        if message["event"] == "mark" and self._socket is not None:
            self._sequence += 1
            message["sequenceNumber"] = str(self._sequence)
            self._socket.send(orjson.dumps(message))

    async def hang_up(self) -> None:
        """Stop the stream and wait until the server has closed the socket."""
        if self._socket is None:
            return
        if self.is_open:
            self.is_open = False
            self._socket.send(b'{"event":"stop","sequenceNumber":"0","stop":{}}')
        await asyncio.wait([self._socket.closed], timeout=SETTLES)
        self._socket.close()


class Ticker:
    """Sends every frame when it is due, the calls spread evenly over 20 ms."""

    def __init__(self, calls: list[Call], count: Count) -> None:
        self._calls, self._count = calls, count
        self._step = FRAME_NS // len(calls)
        self._due = 0
        self._next = 0
        self._loop = asyncio.get_running_loop()
        self._running = True

    def tick(self) -> None:
        """Send what is due, and come back in a millisecond."""
        count = self._count
        now = time.monotonic_ns()
        self._due = self._due or now
        while self._due <= now:
            call = self._calls[self._next]
            if call.is_open:
                sent = call.speak()
                if count.first <= sent < count.last:
                    count.sent += 1
                    count.ticks += 1
                    count.late += sent - self._due > LATE_NS
            self._due += self._step
            self._next = (self._next + 1) % len(self._calls)
        if self._running:
            self._loop.call_later(0.001, self.tick)

    def stop(self) -> None:
        """Send no more."""
        self._running = False


async def measure(plan: Plan) -> Window:
    """Place the calls, measure a window, hang up."""
    count = Count()
    calls = [Call(index, count) for index in range(plan.calls)]
    ticker = Ticker(calls, count)
    try:
        # Frames are sent only then, so that starting is measured by itself.
        await open_all(calls, [plan.port], plan.calls_per_second, dialled=plan.dialled)
        ticker.tick()
        await asyncio.sleep(plan.warm_up)
        cpu = cpu_ns(plan.pid)
        count.first = time.monotonic_ns()
        await asyncio.sleep(plan.seconds)
        count.last = time.monotonic_ns()
        cpu = cpu_ns(plan.pid) - cpu
        await _settled(count)
    finally:
        ticker.stop()
        await hang_up_all(calls)
    return _window(count, cpu, plan.calls)


async def open_all(
    calls: list[Call], ports: list[int], per_second: float, *, dialled: bool
) -> None:
    """Place all calls, through the servers in turn; who cannot be placed is counted."""

    async def place(call: Call, port: int) -> None:
        try:
            await call.open(port, dialled=dialled)
        except (OSError, TimeoutError) as error:
            call.count.unplaced += 1
            sys.stderr.write(f"A call was not placed: {error!r}\n")

    async with asyncio.TaskGroup() as opening:
        for number, call in enumerate(calls):
            opening.create_task(place(call, ports[number % len(ports)]))
            await asyncio.sleep(1 / per_second)


async def hang_up_all(calls: list[Call]) -> None:
    """End all calls as their callers do."""
    await asyncio.gather(*(call.hang_up() for call in calls))


async def _settled(count: Count) -> None:
    for _ in range(round(SETTLES / 0.02)):
        if len(count.away) >= count.sent:
            break
        await asyncio.sleep(0.02)


def cpu_ns(pid: int) -> int:
    """The time that the threads of a process have run, as the scheduler counts it."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:  # the thread ended meanwhile
            continue
    return total


def _window(count: Count, cpu: int, calls: int) -> Window:
    return Window(
        calls=calls,
        unplaced=count.unplaced,
        sent=count.sent,
        lost=count.sent - len(count.away),
        reordered=count.reordered,
        damaged=count.damaged,
        late_share=count.late / max(1, count.ticks),
        cpu_us=cpu / 1000 / max(1, count.sent + len(count.away)),
        p50_ms=percentile(count.away, 0.50) / 1e6,
        p99_ms=percentile(count.away, 0.99) / 1e6,
        webhook_ms=[seconds * 1000 for seconds in count.webhooks],
        first_audio_ms=[seconds * 1000 for seconds in count.first_audio],
    )


def main() -> None:
    """Measure the window that the first argument describes; print what was found."""
    plan = Plan(**orjson.loads(sys.argv[1]))
    window = uvloop.run(measure(plan))
    sys.stdout.buffer.write(orjson.dumps(asdict(window)))


if __name__ == "__main__":
    main()
