"""The sending half of a socket: frames leave in the order in which they were decided."""

import asyncio
from collections import deque

from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed


class Outlet:
    """A queue in front of the socket, so that whoever decides what is sent need not wait."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._waiting: deque[str | bytes] = deque()
        self._closing: tuple[int, str] | None = None
        self._has_work = asyncio.Event()

    def send(self, frame: str | bytes) -> None:
        """Send a text or a binary frame after everything before it."""
        self._waiting.append(frame)
        self._has_work.set()

    def close(self, code: int, reason: str) -> None:
        """Close the socket once everything before has left; code 1006 breaks it off."""
        self._closing = (code, reason)
        self._has_work.set()

    async def run(self) -> None:
        """Send until the socket is closed."""
        try:
            while True:
                await self._has_work.wait()
                self._has_work.clear()
                while self._waiting:
                    await self._socket.send(self._waiting.popleft())
                if self._closing:
                    await self._close(*self._closing)
                    return
        except ConnectionClosed:
            return

    async def _close(self, code: int, reason: str) -> None:
        if code == 1006:
            self._socket.transport.abort()
        else:
            await self._socket.close(code, reason)
