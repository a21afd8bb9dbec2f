"""How much audio may wait for a model that does not listen: five seconds, and no more."""

import asyncio

from django.conf import LazySettings
from websockets.asyncio.server import ServerConnection, serve

from calls.live import openai_socket
from calls.live.openai_socket import OpenAISocket, open_socket

FRAME = b"x" * 1_000


async def speak_until_left(socket: OpenAISocket) -> int:
    """Speak until the socket is broken off; gives the most that waited below the backlog."""
    most = 0
    while "stopped taking" not in socket.close_reason:
        most = max(most, socket._connection.transport.get_write_buffer_size())
        socket.send(FRAME)
        await asyncio.sleep(0)  # the task that empties the backlog has its turn
    return most


async def test_what_waits_for_a_deaf_model_waits_in_the_backlog(settings: LazySettings) -> None:
    """A buffer of megabytes below the backlog would hide for minutes that nobody listens."""
    settings.SIMULATE_MODEL, settings.OPENAI_API_KEY = False, "key"
    end = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        await end.wait()
        connection.transport.abort()

    async with serve(deaf, "127.0.0.1", 0, compression=None, max_queue=1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        settings.OPENAI_REALTIME_URL = f"ws://127.0.0.1:{port}/"
        async with open_socket("m") as socket:
            waiting = await speak_until_left(socket)
            end.set()
    assert waiting < 2 * openai_socket.CONGESTED_BYTES + 2 * len(FRAME)
