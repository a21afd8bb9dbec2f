"""Publishing as a script does it: over HTTP, with a token."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

from tests.bench.freshness.model import NUMBERED
from tests.bench.load import HOST

PROMPT = "/api/admin/businesses/1/prompt"


@dataclass(slots=True)
class Publisher:
    """Puts one numbered text after the other in force."""

    token: str
    text: str
    number: int = 0
    version: int = 0

    async def publish(self, port: int) -> int:
        """Publish the next text through one of the servers; the revision that it made."""
        if not self.version:
            self.version = (await self._ask(port, "GET"))["inbound"]["version"]
        self.number += 1
        body = {
            "inbound": f"{self.text}\n\n{NUMBERED.decode()}{self.number}.",
            "base": {"inbound": self.version},
            "note": "Measured.",
        }
        state = await self._ask(port, "PUT", orjson.dumps(body))
        self.version = state["inbound"]["version"]
        revision: int = state["revision"]
        return revision

    async def _ask(self, port: int, method: str, body: bytes = b"") -> dict[str, Any]:
        head = (
            f"{method} {PROMPT} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(head.encode() + body)
            answer = await reader.read()
        finally:
            writer.close()
        said, _, state = answer.partition(b"\r\n\r\n")
        if b" 200 " not in said.split(b"\r\n", 1)[0]:
            raise ConnectionError(f"A publish was answered with: {answer[:300]!r}")
        found: dict[str, Any] = orjson.loads(state)
        return found
