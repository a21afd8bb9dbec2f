"""A plain client of the simulated model that checks every event against the official schema."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import BaseModel, TypeAdapter
from websockets.asyncio.client import ClientConnection, connect

from calls.simulator import mulaw
from calls.simulator.model import SimulatedModel

CLIENT: TypeAdapter[Any] = TypeAdapter(RealtimeClientEvent)
SERVER: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
KNOWN_EXTRAS = {"session.id", "session.object", "session.expires_at"}
AUDIO = {"input": {"format": {"type": "audio/pcmu"}}, "output": {"format": {"type": "audio/pcmu"}}}
SPEECH = mulaw.tone(20, 600 * mulaw.BYTES_PER_MS)
PAUSE = mulaw.silence(800)


def extras(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (path + key for key in (value.model_extra or {}))
        for name in type(value).model_fields:
            yield from extras(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from extras(element, f"{path}{index}.")


def check_server_event(event: dict[str, Any]) -> None:
    parsed = SERVER.validate_python(event)
    assert parsed.type == event["type"]
    assert set(extras(parsed)) <= KNOWN_EXTRAS, event


def check_client_event(event: dict[str, Any]) -> None:
    parsed = CLIENT.validate_python(event)
    assert parsed.type == event["type"]
    assert list(extras(parsed)) == [], event


class Client:
    """Sends events, and gives out what comes back in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []

    async def send(self, kind: str, **fields: object) -> None:
        event = {"type": kind, **fields}
        check_client_event(event)
        await self.socket.send(orjson.dumps(event).decode())

    async def next(self) -> dict[str, Any]:
        event: dict[str, Any] = orjson.loads(await asyncio.wait_for(self.socket.recv(), 5))
        check_server_event(event)
        self.events.append(event)
        return event

    async def until(self, kind: str) -> dict[str, Any]:
        while (event := await self.next())["type"] != kind:
            pass
        return event

    async def configure(self, instructions: str = "Be kind.", **session: object) -> dict[str, Any]:
        session = {"type": "realtime", "instructions": instructions, "audio": AUDIO} | session
        await self.send("session.update", session=session)
        return await self.until("session.updated")

    async def speak(self, audio: bytes = SPEECH + PAUSE, size: int = 160) -> None:
        for start in range(0, len(audio), size):
            payload = base64.b64encode(audio[start : start + size]).decode()
            await self.send("input_audio_buffer.append", audio=payload)

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


@asynccontextmanager
async def connected(model: SimulatedModel, **headers: str) -> AsyncIterator[Client]:
    async with connect(
        f"{model.url}?model=gpt-realtime-2.1",
        additional_headers=headers or {"Authorization": "Bearer test"},
        compression=None,
        proxy=None,
        max_queue=None,
    ) as socket:
        yield Client(socket)
