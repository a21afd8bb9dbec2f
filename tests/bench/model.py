"""A model for the bench: it greets, then says back every frame at once, in one endless answer.

Real deltas are larger and fewer, so one for every frame is the worst case.
"""

import asyncio
import sys
from typing import Any

import orjson
import uvloop

from tests.bench.wire import ServerSocket

APPEND = b'{"type":"input_audio_buffer.append","audio":"'
DELTA = (
    b'{"type":"response.output_audio.delta","event_id":"event_BenchBenchBenchBench1",'
    b'"response_id":"resp_BenchBenchBenchBench1","item_id":"item_BenchBenchBenchBench1",'
    b'"output_index":0,"content_index":0,"delta":"'
)
GREETING = DELTA + b"/" * 216 + b'"}'


class ModelSession(ServerSocket):
    """One Realtime session."""

    def begin(self) -> None:
        self.heard = self._hear
        self._tell({"type": "session.created", "session": {"type": "realtime"}})

    def _hear(self, text: bytes) -> None:
        if text.startswith(APPEND):
            self.send(DELTA + text[len(APPEND) :])
            return
        event = orjson.loads(text)
        if event["type"] == "input_audio_buffer.append":
            self.send(DELTA + event["audio"].encode() + b'"}')
        elif event["type"] == "session.update":
            self._tell({"type": "session.updated", "session": event["session"]})
        elif event["type"] == "response.create":
            metadata = event["response"].get("metadata")
            response = {"id": "resp_BenchBenchBenchBench1", "metadata": metadata, "output": []}
            self._tell({"type": "response.created", "response": response})
            self.send(GREETING)

    def _tell(self, event: dict[str, Any]) -> None:
        self.send(orjson.dumps(event))


async def serve() -> None:
    """Listen on a free port, print it, go on until the standard input closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(ModelSession, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(serve())
