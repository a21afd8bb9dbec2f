"""One media stream as Twilio keeps it: 20 ms frames out, a playout buffer for what comes in."""

import asyncio
import base64
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Self

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from calls.simulator import mulaw
from calls.simulator.outlet import Outlet
from calls.simulator.pace import Pace
from calls.simulator.telephone import messages
from calls.simulator.telephone.messages import Clear, Mark, Media, Violation
from calls.simulator.telephone.playout import Playout
from calls.simulator.telephone.timeline import Kind, Timeline

FRAME_MS = 20
FRAME = FRAME_MS * mulaw.BYTES_PER_MS
QUIET_FRAME = base64.b64encode(mulaw.silence(FRAME_MS)).decode()
BROKEN_OFF = 1006
CLOSE_SECONDS = 3

Spoil = Callable[[dict[str, Any]], object]  # Any: the start message is JSON
"""Changes the start message in place before it is sent."""


class StreamRefused(Exception):
    """The server did not open the media socket."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class MediaStream:
    """The socket between Twilio and a server, from ``connected`` to its close."""

    def __init__(
        self, socket: ClientConnection, builder: messages.Builder, pace: Pace, timeline: Timeline
    ) -> None:
        self.playout = Playout()
        self.violations: list[str] = []
        self.marks_returned: list[str] = []
        self._socket = socket
        self._outlet = Outlet(socket)
        self._builder = builder
        self._pace = pace
        self._timeline = timeline
        self._to_say: deque[str] = deque()
        self._agent_is_heard = False
        self._tasks: list[asyncio.Task[None]] = []
        self._mark_timer: asyncio.TimerHandle | None = None
        self._closed = asyncio.Event()

    @classmethod
    async def open(
        cls, url: str, builder: messages.Builder, *, pace: Pace, timeline: Timeline,
        headers: Mapping[str, str],
    ) -> Self:  # fmt: skip
        """Open the socket and say ``connected``, which names nothing yet."""
        try:
            socket = await connect(
                url, additional_headers=headers, compression=None, proxy=None, max_queue=None,
                ping_interval=None, close_timeout=2, max_size=None,
            )  # fmt: skip
        except InvalidHandshake as error:
            response = getattr(error, "response", None)
            status = response.status_code if response is not None else 0
            raise StreamRefused(status, f"The media socket was refused: {error}.") from error
        except (OSError, ValueError) as error:
            raise StreamRefused(0, f"The media socket cannot be opened: {error}.") from error
        timeline.add(Kind.STREAM_OPENED)
        stream = cls(socket, builder, pace, timeline)
        stream._spawn(stream._outlet.run(), stream._listen())
        stream._outlet.send(messages.CONNECTED)
        return stream

    def start(self, parameters: Mapping[str, str], spoil: Spoil | None = None) -> None:
        """Send ``start`` and go on with the caller's sound, frame by frame."""
        message = self._builder.start(parameters)
        if spoil:
            spoil(message)
        self._outlet.send(orjson.dumps(message).decode())
        self._spawn(self._pump())

    @property
    def stream_sid(self) -> str:
        """The stream's id."""
        return self._builder.stream_sid

    @property
    def is_open(self) -> bool:
        """Whether frames can still pass."""
        return not self._closed.is_set()

    @property
    def close_code(self) -> int | None:
        """The code with which the socket was closed, None while it is open."""
        return self._socket.close_code

    @property
    def is_speaking(self) -> bool:
        """Whether the caller still has something to say."""
        return bool(self._to_say)

    @property
    def agent_is_heard(self) -> bool:
        """Whether sound of the agent is playing."""
        return self.playout.is_playing(self._pace.now())

    @property
    def quiet_for(self) -> float:
        """Return for how many seconds nothing of the agent has been heard."""
        return self._pace.now() - self.playout.ends_at

    def heard(self) -> bytes:
        """Return all sound of the agent that the caller has heard."""
        return self.playout.heard(self._pace.now())

    def say(self, audio: bytes) -> None:
        """Let the caller say this after what is still to be said."""
        for start in range(0, len(audio), FRAME):
            frame = audio[start : start + FRAME].ljust(FRAME, mulaw.SILENCE)
            self._to_say.append(base64.b64encode(frame).decode())

    def press(self, digit: str) -> None:
        """Press a key."""
        self._outlet.send(self._builder.dtmf(digit))

    def send_raw(self, frame: str | bytes) -> None:
        """Send a text or binary frame as it is."""
        self._outlet.send(frame)

    async def stop(self) -> None:
        """Say ``stop`` and close, as Twilio does when the caller hangs up."""
        if self.is_open:
            self._outlet.send(self._builder.stop())
        await self._close(1000)

    async def abort(self) -> None:
        """Break off without a word, as a lost network does."""
        await self._close(BROKEN_OFF)

    async def wait_closed(self) -> None:
        """Wait until the socket is closed, by whichever side, and tidy up."""
        await self._closed.wait()
        if self._mark_timer:
            self._mark_timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _close(self, code: int) -> None:
        """Close behind what is still to be sent; a server that takes nothing is cut off."""
        self._outlet.close(code, "")
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._closed.wait()
        except TimeoutError:
            self._socket.transport.abort()
        await self.wait_closed()

    def _spawn(self, *work: Any) -> None:  # Any: coroutines of nothing
        loop = asyncio.get_running_loop()
        self._tasks.extend(loop.create_task(each) for each in work)

    async def _pump(self) -> None:
        """Send a frame every 20 ms; a late one is followed by the next without a wait."""
        due = self._pace.now()
        while True:
            payload = self._to_say.popleft() if self._to_say else QUIET_FRAME
            self._outlet.send(self._builder.media(payload, FRAME_MS))
            self._notice_the_agent()
            self._timeline.notice.tell()
            due += FRAME_MS / 1000
            await self._pace.sleep(max(0.0, due - self._pace.now()))

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                self._take(frame)
        except ConnectionClosed:
            pass
        finally:
            if self._agent_is_heard:
                self._agent_is_heard = False
                self._timeline.add(Kind.AGENT_QUIET)
            self.playout.clear(self._pace.now())
            self._closed.set()
            self._timeline.add(Kind.STREAM_CLOSED, code=self._socket.close_code or BROKEN_OFF)

    def _take(self, frame: str | bytes) -> None:
        now = self._pace.now()
        try:
            match messages.parse(frame, self._builder.stream_sid):
                case Media(audio):
                    self.playout.add(now, audio)
                    self._notice_the_agent()
                case Mark(name):
                    self.playout.mark(now, name)
                    self._return_marks()
                case Clear():
                    self._timeline.add(Kind.CLEARED)
                    self._give_back(self.playout.clear(now))
                    self._notice_the_agent()
        except Violation as violation:
            self.violations.append(str(violation))
            self._timeline.add(Kind.VIOLATION, str(violation))

    def _return_marks(self) -> None:
        """Give back what is due and come again for the next mark."""
        now = self._pace.now()
        self._give_back(self.playout.advance(now))
        if self._mark_timer:
            self._mark_timer.cancel()
        following = self.playout.next_mark_at
        if following is not None:
            wait = max(0.0, following - self._pace.now())
            self._mark_timer = self._pace.later(wait, self._return_marks)

    def _give_back(self, names: list[str]) -> None:
        for name in names:
            self.marks_returned.append(name)
            self._outlet.send(self._builder.mark(name))

    def _notice_the_agent(self) -> None:
        is_heard = self.agent_is_heard
        if is_heard != self._agent_is_heard:
            self._agent_is_heard = is_heard
            self._timeline.add(Kind.AGENT_SPEAKS if is_heard else Kind.AGENT_QUIET)
