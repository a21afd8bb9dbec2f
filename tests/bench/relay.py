"""The bare relay that everything is compared with: two sockets, JSON in and JSON out."""

import asyncio
import sys

import orjson
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


async def relay(caller: ServerConnection, model_url: str) -> None:
    """Relay one call until either side goes."""
    async with connect(model_url, compression=None, proxy=None, close_timeout=2) as model:
        tasks = [
            asyncio.ensure_future(to_model(caller, model)),
            asyncio.ensure_future(to_caller(model, caller)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def to_model(caller: ServerConnection, model: ClientConnection) -> None:
    """Frames of the caller's."""
    try:
        async for text in caller:
            message = orjson.loads(text)
            if message["event"] == "media":
                payload = message["media"]["payload"]
                event = {"type": "input_audio_buffer.append", "audio": payload}
                await model.send(orjson.dumps(event), text=True)
            elif message["event"] == "stop":
                return
    except ConnectionClosed:
        return


async def to_caller(model: ClientConnection, caller: ServerConnection) -> None:
    """Audio of the model's."""
    try:
        async for text in model:
            event = orjson.loads(text)
            if event["type"] == "response.output_audio.delta":
                media = {"payload": event["delta"]}
                message = {"event": "media", "streamSid": "MZbench", "media": media}
                await caller.send(orjson.dumps(message), text=True)
    except ConnectionClosed:
        return


async def main(model_url: str) -> None:
    """Listen on a free port, print it, go on until the standard input closes."""

    async def answer(caller: ServerConnection) -> None:
        await relay(caller, model_url)

    async with serve(answer, "127.0.0.1", 0, compression=None) as server:
        sys.stdout.write(f"{next(iter(server.sockets)).getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
