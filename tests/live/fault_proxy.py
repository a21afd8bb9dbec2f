"""A TCP proxy before a service, by which a test delays, stalls, drops or resets what passes."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit


class FaultProxy:
    """Passes bytes both ways, in a thread of its own; faults apply to all connections at once."""

    def __init__(self, url: str) -> None:
        self.delay = 0.0  # seconds that each chunk of bytes waits
        self.direct = url
        self._target = urlsplit(url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._flowing = asyncio.Event()
        self._refusing = False
        self._open: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()  # nothing passes there any more
        self._port = 0

    @property
    def url(self) -> str:
        """The service's address as it is reached through here."""
        user = self._target.netloc.rpartition("@")[0]
        place = f"{user}@127.0.0.1:{self._port}" if user else f"127.0.0.1:{self._port}"
        return urlunsplit(self._target._replace(netloc=place))

    def stall(self) -> None:
        """Keep the connections and pass nothing on, as a frozen service does."""
        self._do(self._flowing.clear)

    def flow(self) -> None:
        """Pass on what was held, without delay, and let everybody in again."""
        self._refusing, self.delay = False, 0.0
        self._do(self._flowing.set)

    def drop(self) -> None:
        """Lose all that is sent on the connections of now, as a router that forgot them does."""
        self._do(lambda: self._dead.update(self._open))

    def cut(self) -> None:
        """Reset every connection and refuse new ones, as a service that is down does."""
        self._refusing = True
        self._do(self._reset)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        self._do(self._flowing.set)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._do(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        self._reset()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._target.hostname, self._target.port or 5432
        try:
            if self._refusing:
                raise ConnectionRefusedError
            there_reader, there_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there_writer}
        await asyncio.gather(
            self._pass(reader, there_writer, lambda data: data),
            self._pass(there_reader, writer, self._answers()),
        )

    def _answers(self) -> Callable[[bytes], bytes]:
        """What becomes of the bytes that the service sends on one connection."""
        return lambda data: data

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        change: Callable[[bytes], bytes],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                await asyncio.sleep(self.delay)
                if writer not in self._dead:
                    writer.write(change(data))
                    await writer.drain()
        writer.close()
        self._open.discard(writer)

    def _reset(self) -> None:
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    def _do(self, work: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(work)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
