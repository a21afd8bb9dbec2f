"""The WebSocket routes of the calls."""

from typing import Any

from django.urls import re_path

from calls.live.consumer import MediaConsumer


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    """Refuse an upgrade to any address that is not a call's."""
    await receive()
    await send({"type": "websocket.close"})


websocket_urlpatterns = [
    re_path(r"^media-stream/(?P<token>[A-Za-z0-9_-]{1,128})/?$", MediaConsumer.as_asgi()),
    re_path(r"", refuse),
]
