"""A stand-in for the OpenAI Realtime service, with the same wire format, on this machine."""

import asyncio
import logging
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

import orjson
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from calls.simulator.faults import Faults
from calls.simulator.pace import Pace
from calls.simulator.realtime.connection import Connection
from calls.simulator.realtime.record import Keep, SessionRecord
from calls.simulator.waiting import Notice

logger = logging.getLogger(__name__)

PATH = "/v1/realtime"
LATENCY = 0.1  # seconds that the model thinks before its first sound

_socket_logger = logging.getLogger(f"{__name__}.socket")
_socket_logger.setLevel(logging.WARNING)


class SimulatedModel:
    """The server, its faults, and the record of every session that was opened.

    ``speed`` makes everything so many times faster; ``sessions`` is complete unless ``keep`` is
    ``Keep.NOTHING``, as it is where a server runs for days.
    """

    def __init__(
        self, faults: Faults | None = None, *, host: str = "127.0.0.1", port: int = 0,
        speed: float = 1.0, latency: float = LATENCY, keep: Keep = Keep.EVENTS,
    ) -> None:  # fmt: skip
        self.faults = faults or Faults()
        self.sessions: list[SessionRecord] = []
        self.handshakes = 0
        self._address = (host, port)
        self._pace = Pace(speed)
        self._latency = latency
        self._keep = keep
        self._notice = Notice()
        self._open: set[Connection] = set()
        self._count = 0
        self._server: Server | None = None
        self._stopping = asyncio.Event()

    @property
    def url(self) -> str:
        """Where the server listens, as ``OPENAI_REALTIME_URL`` takes it."""
        host, port = self._address
        return f"ws://{host}:{port}{PATH}"

    async def start(self) -> Self:
        """Listen; with port 0 on any free one."""
        host, port = self._address
        self._server = await serve(
            self._serve, host, port, process_request=self._admit, compression=None,
            max_size=None, open_timeout=None, ping_interval=None, close_timeout=1,
            logger=_socket_logger,
        )  # fmt: skip
        self._address = (host, self._server.sockets[0].getsockname()[1])
        return self

    async def stop(self) -> None:
        """Close every session and stop to listen."""
        self._stopping.set()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def break_off(self) -> None:
        """Break every open connection off, as a network does."""
        for connection in tuple(self._open):
            connection.break_off()

    async def session_matching(
        self, matches: Callable[[SessionRecord], object] = lambda record: True, *,
        within: float = 5.0,
    ) -> SessionRecord:  # fmt: skip
        """Return the first session for which ``matches`` holds, now or as soon as it does."""

        def probe() -> SessionRecord | None:
            return next((record for record in self.sessions if matches(record)), None)

        return await self._notice.until(probe, within, "a session of the model")

    async def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        self.handshakes += 1
        if self.faults.handshake_hangs:
            await self._stopping.wait()
        if status := self.faults.handshake_status:
            return _refusal(socket, status, "The simulator refuses this handshake.")
        address = urlsplit(request.path)
        if address.path != PATH:
            return _refusal(socket, 404, f"There is nothing at {address.path}.")
        if not _has_key(request):
            return _refusal(socket, 401, "Missing bearer or api-key authentication.")
        if not parse_qs(address.query).get("model"):
            return _refusal(socket, 400, "You must provide a model parameter.")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        request = socket.request
        if request is None or "OpenAI-Beta" in request.headers:
            await _refuse_beta(socket)
            return
        record = self._new_record(request)
        connection = Connection(socket, record, self.faults, self._pace, self._latency, self._keep)
        if self._keep is not Keep.NOTHING:
            self.sessions.append(record)
            self._notice.tell()
        self._open.add(connection)
        try:
            await connection.serve()
        finally:
            self._open.discard(connection)

    def _new_record(self, request: Request) -> SessionRecord:
        self._count += 1
        record = SessionRecord(
            id=f"sess_{uuid.uuid4().hex[:20]}",
            model=parse_qs(urlsplit(request.path).query)["model"][0],
            headers=dict(request.headers.raw_items()),
            number=self._count,
        )
        record.notice = self._notice
        return record


def _has_key(request: Request) -> bool:
    bearer = request.headers.get("Authorization", "")
    return bool(bearer.removeprefix("Bearer ") != bearer or request.headers.get("api-key"))


def _refusal(socket: ServerConnection, status: int, message: str) -> Response:
    error = {"message": message, "type": "invalid_request_error", "code": None, "param": None}
    return socket.respond(status, orjson.dumps({"error": error}).decode())


async def _refuse_beta(socket: ServerConnection) -> None:
    """Open, explain and close, as the real service does since the beta's shape is gone."""
    error = {
        "type": "invalid_request_error",
        "code": "beta_api_shape_disabled",
        "message": "The beta shape of the Realtime API is switched off.",
        "param": None,
        "event_id": None,
    }
    event = {"type": "error", "event_id": "event_1", "error": error}
    await socket.send(orjson.dumps(event), text=True)
    await socket.close(4000, "beta_api_shape_disabled")


_running: dict[asyncio.AbstractEventLoop, asyncio.Task[SimulatedModel]] = {}


async def ensure_running() -> str:
    """Return the url of this event loop's own model, which is started by whoever asks first."""
    loop = asyncio.get_running_loop()
    for other in [other for other in _running if other.is_closed()]:
        del _running[other]
    if loop not in _running:
        _running[loop] = loop.create_task(_start_quietly())
    return (await asyncio.shield(_running[loop])).url


async def _start_quietly() -> SimulatedModel:
    """Start a model that keeps no record, because it runs for as long as the process does."""
    model = await SimulatedModel(keep=Keep.NOTHING).start()
    logger.warning("Calls are answered by the simulated model at %s.", model.url)
    return model


async def stop_running() -> None:
    """Stop this event loop's own model, if there is one."""
    starting = _running.pop(asyncio.get_running_loop(), None)
    if starting is not None:
        await (await starting).stop()
