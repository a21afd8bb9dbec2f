"""The WebSocket routes of the calls."""

from typing import Any

from django.urls import re_path

from calls.live.consumer import MediaConsumer


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    """Refuse an upgrade to any address that is not a call's."""
    await receive()
    await send({"type": "websocket.close"})


# Channels routes to ASGI applications through Django's patterns, whose types know views only.
websocket_urlpatterns: list[Any] = [
    re_path(r"^media-stream/(?P<token>[A-Za-z0-9_-]{43})/?$", MediaConsumer.as_asgi()),  # type: ignore[arg-type]
    re_path(r"", refuse),  # type: ignore[arg-type]
]
