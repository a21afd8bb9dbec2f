"""One connection to the model: frames in, events out, and the record of both."""

import asyncio
import time

import orjson
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from calls.simulator.faults import Faults
from calls.simulator.outlet import Outlet
from calls.simulator.pace import Pace
from calls.simulator.realtime import client_events
from calls.simulator.realtime.client_events import Event
from calls.simulator.realtime.record import Entry, Keep, SessionRecord
from calls.simulator.realtime.schema import Rejected
from calls.simulator.realtime.session import ModelSession
from calls.simulator.realtime.settings import Session


class Connection:
    """Carries one session over one socket and writes down what passes."""

    def __init__(
        self, socket: ServerConnection, record: SessionRecord, faults: Faults, pace: Pace,
        latency: float, keep: Keep,
    ) -> None:  # fmt: skip
        self.record = record
        self._socket = socket
        self._outlet = Outlet(socket)
        self._keep = keep
        self._session = ModelSession(self, record, faults=faults, pace=pace, latency=latency)

    async def serve(self) -> None:
        """Speak until either side closes."""
        writer = asyncio.get_running_loop().create_task(self._outlet.run())
        try:
            self._session.begin()
            async for frame in self._socket:
                self._receive(frame)
        except ConnectionClosed:
            pass
        finally:
            self._session.end()
            writer.cancel()
            self.record.closed = True
            self.record.notice.tell()

    def break_off(self) -> None:
        """Break the connection off now."""
        self._session.break_off()

    # What the session asks of its line.

    def send(self, event: Event) -> None:
        """Send a server event."""
        if self._keep is not Keep.NOTHING:
            self.record.sent.append(Entry(time.monotonic(), event))
            self.record.notice.tell()
        self._outlet.send(orjson.dumps(event).decode())

    def close(self, code: int, reason: str) -> None:
        """Close the connection behind everything sent; code 1006 breaks it off."""
        self._outlet.close(code, reason)

    def put_in_force(self, session: Session, *, with_instructions: bool) -> None:
        """Note the effective session after an update."""
        self.record.session = session
        if with_instructions:
            self.record.instructions_history.append(session["instructions"])
        self.record.notice.tell()

    def _receive(self, frame: str | bytes) -> None:
        try:
            event = client_events.parse(frame)
        except Rejected as rejected:
            self._session.refuse(rejected)
        else:
            self._note(event)
            self._session.receive(event)

    def _note(self, event: Event) -> None:
        is_audio = event.get("type") == "input_audio_buffer.append"
        self.record.appends += is_audio
        if self._keep is Keep.AUDIO or (self._keep is Keep.EVENTS and not is_audio):
            self.record.received.append(Entry(time.monotonic(), event))
        self.record.notice.tell()
