"""Answers a server that announces its start and its end."""

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope


async def lifespan(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Agree to both; Daphne never asks, so nothing may depend on this."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
