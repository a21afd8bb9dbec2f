"""A tiny server with prepared answers, on the other side of the simulated caller."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import orjson
from websockets.asyncio.server import ServerConnection, serve

Media = Callable[["Line"], Awaitable[None]]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Scripted:
    """Answers each path with its document and keeps every request."""

    answers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    content_type: str = "text/xml"
    requests: list[Request] = field(default_factory=list)
    handshakes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    base_url: str = ""
    media_url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = (await reader.readexactly(int(headers.get("Content-Length", 0)))).decode()
        path = head[0].split()[1]
        form = dict(parse_qsl(body, keep_blank_values=True))
        self.requests.append(Request(path, headers, form))
        text = self.answers.get(path.split("?")[0], "").replace("MEDIA", self.media_url)
        status = self.status if text else 204
        head = f"HTTP/1.1 {status} Fine\r\nContent-Type: {self.content_type}\r\n"
        head += f"Content-Length: {len(text.encode())}\r\nConnection: close\r\n\r\n"
        writer.write((head + text).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    def posts(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path.split("?")[0] == path]


class Line:
    """The server's end of a media stream."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.messages: list[dict] = []
        self.sid = ""

    async def next(self) -> dict:
        message = orjson.loads(await asyncio.wait_for(self.socket.recv(), 5))
        self.messages.append(message)
        if message["event"] == "start":
            self.sid = message["streamSid"]
        return message

    async def until(self, event: str) -> dict:
        while (message := await self.next())["event"] != event:
            pass
        return message

    async def send(self, event: str, **fields: object) -> None:
        message = {"event": event, "streamSid": self.sid, **fields}
        await self.socket.send(orjson.dumps(message).decode())


@asynccontextmanager
async def scripted(media: Media | None = None, **fields: object) -> AsyncIterator[Scripted]:
    desk = Scripted(**fields)

    async def stream(socket: ServerConnection) -> None:
        request = socket.request
        desk.handshakes.append((request.path, {k.lower(): v for k, v in request.headers.items()}))
        if media:
            await media(Line(socket))

    pages = await asyncio.start_server(desk.answer, "127.0.0.1", 0)
    async with pages, serve(stream, "127.0.0.1", 0, compression=None, max_queue=None) as sockets:
        desk.base_url = f"http://127.0.0.1:{pages.sockets[0].getsockname()[1]}"
        desk.media_url = f"ws://127.0.0.1:{sockets.sockets[0].getsockname()[1]}"
        yield desk
