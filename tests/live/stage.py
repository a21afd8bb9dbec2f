"""A stage for whole calls over real sockets: servers, the model in this process, callers."""

import asyncio
import json
import os
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError

from calls.simulator import speech
from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel
from calls.simulator.realtime import words
from calls.simulator.realtime.record import SessionRecord
from prompts.tokens import make_command_token
from tests import services
from tests.calls.simulator.wire import check_client_event
from tests.live.books import Books
from tests.servers import APPLICATION, Server, running_server

TOKEN = "a-token-of-twilio"
DATABASE = "postgres" if os.environ.get("TEST_DATABASE") == "postgres" else "sqlite"
GREETING = "Welcome."
SOUND = "input_audio_buffer.append"
QUICK = 4.0  # everything simulated runs so many times faster than the world


@dataclass
class House:
    """One server process whose model is wherever a test starts one: at ``model_port``."""

    server: Server
    model_port: int
    books_url: str = ""  # where the server's own way to its database is a test's to break

    @property
    def books(self) -> Books:
        return Books(self.books_url or self.server.database_url)

    def http(self, method: str, path: str, body: object = None, *, token: bool = True) -> "Reply":
        """Ask the server something, as one of our own commands unless ``token`` is off."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {make_command_token()}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.base_url + path, data, headers, method=method)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as error:
            status, text = error.code, error.read().decode()
        return Reply(status, text, time.monotonic() - began)

    def prompt(self, business_id: int) -> dict[str, Any]:
        """What is in force for a business."""
        return self.http("GET", f"/api/admin/businesses/{business_id}/prompt").data

    def publish(
        self, business_id: int, text: str, direction: str = "inbound", apply: str = "live"
    ) -> "Reply":
        """Publish a text with the short greeting of these tests."""
        current = self.prompt(business_id)[direction]
        return self.http(
            "PUT",
            f"/api/admin/businesses/{business_id}/prompt",
            {
                direction: text,
                f"{direction}_greeting": GREETING,
                "note": "A test",
                "apply": apply,
                "base": {direction: current["version"] if current else None},
            },
        )


@dataclass(frozen=True)
class Reply:
    """What a server answered, and how long that took."""

    status: int
    text: str
    seconds: float

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass
class Stage:
    """The servers, the model and the callers of one test."""

    house: House
    model: SimulatedModel
    resources: AsyncExitStack = field(repr=False)
    calls: list[SimulatedCaller] = field(default_factory=list, repr=False)

    @property
    def books(self) -> Books:
        return self.house.books

    async def dial(
        self,
        business_id: int = 1,
        direction: str = "inbound",
        *,
        house: House | None = None,
        **details: Any,
    ) -> SimulatedCaller:
        """Phone a business; the caller hangs up when the test is over."""
        base_url = (house or self.house).server.base_url
        details = {"speed": QUICK, "auth_token": TOKEN} | details
        call = await SimulatedCaller.dial(base_url, business_id, direction, **details)
        self.calls.append(call)
        self.resources.push_async_callback(call.hang_up)
        return call

    async def publish(
        self,
        business_id: int,
        text: str,
        direction: str = "inbound",
        *,
        house: House | None = None,
        apply: str = "live",
    ) -> "Reply":
        """Publish over HTTP and return the answer, which is checked."""
        there = house or self.house
        reply = await asyncio.to_thread(there.publish, business_id, text, direction, apply)
        assert reply.status == 200, reply.text
        return reply

    async def session(self, number: int = 1) -> SessionRecord:
        """The model's session of the call that was dialled as ``number``."""
        await self.model.session_matching(lambda _: len(self.model.sessions) >= number)
        return self.model.sessions[number - 1]

    def told(self) -> str:
        """What happened, for whoever reads a failure."""
        lines: list[object] = []
        for call in self.calls:
            lines += [f"--- {call.call_sid}: {call.outcome or 'open'}", *call.timeline]
        for session in self.model.sessions:
            said = [entry.type for entry in session.received if entry.type != SOUND]
            lines += [f"--- {session.id}", *said[-20:]]
        return "\n".join(map(str, [*lines, "--- the server", self.house.server.log[-6000:]]))

    def check_wire(self) -> None:
        """Every event of ours is in the official schema, every message one of Twilio's."""
        for session in self.model.sessions:
            for entry in session.received:
                check_client_event(entry.event)
        for call in self.calls:
            assert call.violations == []


@contextmanager
def house(
    server: str = "uvicorn",
    *,
    beside: House | None = None,
    database: str = DATABASE,
    database_url: str = "",
    application: str = APPLICATION,
    **environment: str,
) -> Iterator[House]:
    """Run a server; ``beside`` another it shares the model, and the database by its own way."""
    port = beside.model_port if beside else services.free_port()
    variables = {
        "OPENAI_API_KEY": "test",
        "OPENAI_REALTIME_URL": f"ws://127.0.0.1:{port}/v1/realtime",
        "TWILIO_AUTH_TOKEN": TOKEN,
        **environment,
    }
    url = database_url or (beside.server.database_url if beside else "")
    with running_server(
        server, variables, database=database, database_url=url, application=application
    ) as running:
        yield House(running, port)


@asynccontextmanager
async def stage(
    house: House, faults: Faults | None = None, *, speed: float = QUICK, **options: Any
) -> AsyncIterator[Stage]:
    """Start the model of a house; at the end every caller hangs up and every session is over."""
    async with (
        SimulatedModel(faults, port=house.model_port, speed=speed, **options) as model,
        AsyncExitStack() as resources,
    ):
        on = Stage(house, model, resources)
        try:
            yield on
        except BaseException as error:
            error.add_note(on.told())
            raise


async def heard_out(call: SimulatedCaller) -> None:
    """Let the agent begin to speak and finish."""
    await call.wait_for_audio()
    await call.wait_for_silence()


def proof_of(session: SessionRecord) -> str:
    """The sentences by which the stand-in proves the instructions in force now."""
    return words.proof(session.instructions)


def sound_of(sentence: str) -> bytes:
    """The sound of a sentence, as the stand-in makes it."""
    return speech.speak(sentence)
