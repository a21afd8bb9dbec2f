"""The little of WebSocket (RFC 6455) that a load needs, cheaper than any library.

The peers of the server under test must never be what is measured, so they keep to whole,
uncompressed messages. A client's mask may be any four bytes; zeros save the work.
"""

import asyncio
import base64
import hashlib
import struct
from collections.abc import Callable
from typing import cast

from websockets.frames import apply_mask

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
NO_MASK = b"\0\0\0\0"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = base64.b64encode(b"sixteen bytes ok")
HEAD_END = b"\r\n\r\n"


class Socket(asyncio.Protocol):
    """One side of a WebSocket; ``heard`` gets every text message as bytes."""

    masking = False

    def __init__(self, heard: Callable[[bytes], None] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.heard = heard
        self.opened: asyncio.Future[bytes] = loop.create_future()  # what the peer's head says
        self.closed: asyncio.Future[None] = loop.create_future()
        self.transport: asyncio.WriteTransport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's have no common class

    def connection_lost(self, error: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("The socket closed while it was opened."))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        position = 0 if self.opened.done() else self._read_head(data)
        self._rest = data[self._read_frames(data, position) :]

    def send(self, text: bytes) -> None:
        """Send one text message; one that nobody can take any more is dropped."""
        self._write(frame(TEXT, text, masking=self.masking))

    def close(self) -> None:
        """Say goodbye and close."""
        self._write(frame(CLOSE, struct.pack("!H", 1000), masking=self.masking))
        if self.transport is not None:
            self.transport.close()

    def _write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def _read_head(self, data: bytes) -> int:
        """Take the peer's HTTP head; the place where frames begin, 0 while it is not whole."""
        end = data.find(HEAD_END)
        if end < 0:
            return 0
        self._head(data[:end])
        return end + len(HEAD_END)

    def _head(self, head: bytes) -> None:
        raise NotImplementedError

    def _read_frames(self, data: bytes, position: int) -> int:
        """Read every whole frame; the place where the first unfinished one begins."""
        if not self.opened.done() or self.opened.exception():
            return position
        end = len(data)
        while end - position >= 2:
            length, start = data[position + 1] & 127, position + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                length = int.from_bytes(data[start : start + size], "big")
                start += size
            start += 4 if data[position + 1] & 128 else 0
            if start + length > end:
                break
            payload = data[start : start + length]
            if data[position + 1] & 128 and data[start - 4 : start] != NO_MASK:
                payload = apply_mask(payload, data[start - 4 : start])
            self._take(data[position], payload)
            position = start + length
        return position

    def _take(self, first: int, payload: bytes) -> None:
        if first == 128 | TEXT:
            if self.heard is not None:
                self.heard(payload)
        elif first == 128 | PING:
            self._write(frame(PONG, payload, masking=self.masking))
        elif first == 128 | CLOSE:
            self.close()
        elif first != 128 | PONG:
            raise ValueError(f"A frame that begins with {first} is not expected here.")


class ClientSocket(Socket):
    """The side that asks for the upgrade."""

    masking = True

    def ask(self, host: str, path: str) -> None:
        """Send the request."""
        lines = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY.decode()}\r\n\r\n"
        )
        self._write(lines.encode())

    def _head(self, head: bytes) -> None:
        if head.split(b" ", 2)[1] == b"101":
            self.opened.set_result(head)
        else:
            status = head.split(b"\r\n", 1)[0].decode()
            self.opened.set_exception(ConnectionError(f"The socket was refused: {status}"))
            self.close()


class ServerSocket(Socket):
    """The side that agrees to every upgrade."""

    def _head(self, head: bytes) -> None:
        fields = {
            name.strip().lower(): value.strip()
            for name, _colon, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        digest = hashlib.sha1(fields[b"sec-websocket-key"] + GUID, usedforsecurity=False).digest()
        self._write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + HEAD_END
        )
        self.opened.set_result(head)
        self.begin()

    def begin(self) -> None:
        """The socket is open."""


def frame(kind: int, payload: bytes, *, masking: bool) -> bytes:
    """One whole frame."""
    length, mask_bit = len(payload), 128 if masking else 0
    if length < 126:
        head = struct.pack("!BB", 128 | kind, mask_bit | length)
    elif length < 65_536:
        head = struct.pack("!BBH", 128 | kind, mask_bit | 126, length)
    else:
        head = struct.pack("!BBQ", 128 | kind, mask_bit | 127, length)
    return head + (NO_MASK if masking else b"") + payload


async def open_client(
    host: str, port: int, path: str, heard: Callable[[bytes], None]
) -> ClientSocket:
    """Open a socket and send the upgrade request; ``opened`` tells of the answer."""
    loop = asyncio.get_running_loop()
    _transport, socket = await loop.create_connection(lambda: ClientSocket(heard), host, port)
    socket.ask(f"{host}:{port}", path)
    return socket
