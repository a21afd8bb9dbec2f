"""The real application in a process where every second one database call takes 300 ms."""

import asyncio
import time
from typing import Any

from asgiref.sync import sync_to_async

from voiceagent.asgi import application as real

SLOW_QUERY, PAUSE = 0.3, 0.7  # seconds

_tasks: set[asyncio.Task[None]] = set()


async def _query_slowly() -> None:
    while True:
        # In the one thread of the process where Django's own calls to the database run.
        await sync_to_async(time.sleep, thread_sensitive=True)(SLOW_QUERY)
        await asyncio.sleep(PAUSE)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Begin with the first request, as Daphne does not announce its start."""
    if not _tasks:
        _tasks.add(asyncio.get_running_loop().create_task(_query_slowly()))
    await real(scope, receive, send)
