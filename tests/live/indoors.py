"""The real server in the test's own event loop, for what a test has to hold or to shorten."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from asgiref.sync import sync_to_async

from calls.live.writer import writer
from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel
from tests.live.stage import QUICK, TOKEN


class Indoors:
    """A server, a model and its callers in one event loop, on the tests' database."""

    def __init__(self, base_url: str, model: SimulatedModel) -> None:
        self.base_url = base_url
        self.model = model
        self.calls: list[SimulatedCaller] = []

    async def dial(self, business_id: int, direction: str = "inbound", **details: Any) -> Any:
        details = {"speed": QUICK, "auth_token": TOKEN, "number": "+15005550000"} | details
        call = await SimulatedCaller.dial(self.base_url, business_id, direction, **details)
        self.calls.append(call)
        return call


@asynccontextmanager
async def indoors(
    settings_of_test: Any, faults: Faults | None = None, *, speed: float = QUICK, **options: Any
) -> AsyncIterator[Indoors]:
    """Serve the application on a port of loopback; the settings are the fixture of that name."""
    settings_of_test.DEBUG = True  # without accounts nothing else may start
    from voiceagent.asgi import application

    listener = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with SimulatedModel(faults, speed=speed, **options) as model:
        settings_of_test.PUBLIC_BASE_URL = base_url
        settings_of_test.TWILIO_AUTH_TOKENS = (TOKEN,)
        settings_of_test.SIMULATE_MODEL = False
        settings_of_test.OPENAI_API_KEY = "test"
        settings_of_test.OPENAI_REALTIME_URL = model.url
        server = uvicorn.Server(
            uvicorn.Config(application, ws="websockets-sansio", lifespan="off", log_config=None)
        )
        serving = asyncio.create_task(server.serve([listener]))
        on = Indoors(base_url, model)
        try:
            yield on
        finally:
            for call in on.calls:
                await call.hang_up()
            server.should_exit = True
            await serving
            await writer().flush(within=5)


@asynccontextmanager
async def held_database_thread() -> AsyncIterator[None]:
    """Keep the one thread busy in which this loop's ORM calls of Django and Channels run."""
    release, is_held = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        loop.call_soon_threadsafe(is_held.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result()

    holding = asyncio.create_task(sync_to_async(hold, thread_sensitive=True)())
    await is_held.wait()
    try:
        yield
    finally:
        assert not holding.done()
        release.set()
        await holding
