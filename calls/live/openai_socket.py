"""The socket to the model: opened with retries, written without waiting, read in order."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes
from struct import pack
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.frames import apply_mask  # type: ignore[attr-defined]  # C where there is C
from websockets.protocol import State

logger = logging.getLogger(__name__)

TRIES = 3
FIRST_PAUSE = 0.5  # seconds, doubling
TRY_LASTS = 2.0
PING_EVERY = 5.0  # seconds; a way that loses everything says nothing else of it
PONG_WITHIN = 7.0
MAX_EVENT_BYTES = 16 * 2**20
CONGESTED_BYTES = 16_384
MAX_BACKLOG = 250  # five seconds of the caller's audio
WHOLE_TEXT, MASKED = 0x81, 0x80  # the first byte of such a frame, the first bit of the second
FATAL_STATUSES = frozenset({400, 401, 403, 404})


class ModelUnreachable(Exception):
    """No socket to the model could be opened; the text is a sentence for the call's row."""


class OpenAISocket:
    """One open socket to the Realtime API."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._backlog: deque[bytes] = deque()
        self._draining: asyncio.Task[None] | None = None
        self._left = ""  # why we broke the socket off

    def send(self, data: bytes) -> None:
        """Send one client event; never waits, even when the model's side reads slowly.

        A socket in which more than five seconds of audio wait is broken off.
        """
        if self._backlog or self._is_congested():
            self._queue(data)
        elif self._connection.state is State.OPEN:
            self._write(data)
        else:
            logger.debug("An event was dropped: the model's socket is closed.")

    def _write(self, data: bytes) -> None:
        """What `Connection.send` does with a whole message, but for its waiting until all left.

        We look whether there is room before we write, and every frame of audio comes this way.
        """
        try:
            self._connection.transport.write(build_frame(data, token_bytes(4)))
        except (OSError, RuntimeError):  # the reader of this socket is about to learn it
            logger.debug("An event was dropped: the model's socket has broken.")

    def _is_congested(self) -> bool:
        return self._connection.transport.get_write_buffer_size() > CONGESTED_BYTES

    def _queue(self, data: bytes) -> None:
        if len(self._backlog) >= MAX_BACKLOG:
            self.leave("The model's side stopped taking what we send.")
            return
        self._backlog.append(data)
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._backlog:
                await self._connection.send(self._backlog[0], text=True)
                if self._backlog:  # unless the socket was left meanwhile
                    self._backlog.popleft()
        except ConnectionClosed:
            self._backlog.clear()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Every message of the model's side until the socket closes, however it closes."""
        try:
            while not self._left:  # one generator in the way of every event is enough
                yield await self._connection.recv()
        except ConnectionClosed:
            return

    def leave(self, why: str) -> None:
        """Break the socket off at once: nothing more is read from it or written to it."""
        self._left = self._left or why
        self._backlog.clear()
        self._connection.transport.abort()

    @property
    def close_reason(self) -> str:
        """Why the socket closed, for the call's row."""
        if self._left:
            return self._left
        code, reason = self._connection.close_code, self._connection.close_reason
        return f"The model's socket closed with code {code}. {reason or ''}".strip()

    async def close(self) -> None:
        """Close the socket; returns within the close time-out."""
        if self._draining is not None:
            self._draining.cancel()
        await self._connection.close()


def build_frame(text: bytes, mask: bytes) -> bytes:
    """One whole text message of a client, not compressed (RFC 6455, section 5.2)."""
    length = len(text)
    if length < 126:
        head = pack("!BB", WHOLE_TEXT, MASKED | length)
    elif length < 65_536:
        head = pack("!BBH", WHOLE_TEXT, MASKED | 126, length)
    else:
        head = pack("!BBQ", WHOLE_TEXT, MASKED | 127, length)
    return b"".join((head, mask, apply_mask(text, mask)))


@asynccontextmanager
async def open_socket(model: str) -> AsyncIterator[OpenAISocket]:
    """Open the model's socket, with three tries; raises ModelUnreachable."""
    url, headers = await _address(model)
    socket = OpenAISocket(await _connect(url, headers))
    try:
        yield socket
    finally:
        await socket.close()


async def _connect(url: str, headers: dict[str, str]) -> ClientConnection:
    """Try a few times with growing pauses; a refusal that will not change ends it at once."""
    pause = FIRST_PAUSE
    for attempt in range(1, TRIES + 1):
        try:
            return await _connect_once(url, headers)
        except InvalidStatus as error:
            status = error.response.status_code
            unreachable = f"The model's side refused the connection with status {status}."
            is_final = status in FATAL_STATUSES or attempt == TRIES
        except (OSError, TimeoutError, InvalidHandshake) as error:
            unreachable = f"The model's side could not be reached ({type(error).__name__})."
            is_final = attempt == TRIES
        logger.warning("%s Try %d of %d.", unreachable, attempt, TRIES)
        if is_final:
            raise ModelUnreachable(unreachable)
        await asyncio.sleep(pause)
        pause *= 2
    raise AssertionError("The last try returns or raises.")


async def _connect_once(url: str, headers: dict[str, str]) -> ClientConnection:
    return await connect(
        url,
        additional_headers=headers,
        compression=None,
        proxy=None,
        open_timeout=TRY_LASTS,
        close_timeout=2,
        ping_interval=PING_EVERY,
        ping_timeout=PONG_WITHIN,
        max_size=MAX_EVENT_BYTES,
    )


async def _address(model: str) -> tuple[str, dict[str, str]]:
    """Where the model is and how we name ourselves there (OpenAI Realtime, "Connecting")."""
    if settings.SIMULATE_MODEL:
        from calls.simulator.model import ensure_running  # only where there is no account

        url, key = await ensure_running(), "simulated"
    else:
        url, key = settings.OPENAI_REALTIME_URL, settings.OPENAI_API_KEY
    is_azure = (urlsplit(url).hostname or "").endswith(".openai.azure.com")
    headers = {"api-key": key} if is_azure else {"Authorization": f"Bearer {key}"}
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}{urlencode({'model': model})}", headers
