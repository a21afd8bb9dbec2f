"""Tells operators and balancers whether this process lives, and whether it can take calls."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from voiceagent.remedies import manage
from voiceagent.tables import count_unapplied

DEADLINE = 2.0  # seconds

# One thread of its own: a database that hangs blocks this question and nothing else.
_executor = ThreadPoolExecutor(1, thread_name_prefix="readyz")


_seen_migrated = threading.Event()  # asked until it is so, and then no more


class NotMigrated(Exception):
    """The database answers, and lacks tables that we need."""


async def healthz(request: HttpRequest) -> JsonResponse:
    """Answer at once, from the event loop alone."""
    return JsonResponse({"status": "ok"})


async def readyz(request: HttpRequest) -> JsonResponse:
    """Ask the database one question and give it two seconds."""
    question = asyncio.get_running_loop().run_in_executor(_executor, ask_database)
    try:
        async with asyncio.timeout(DEADLINE):
            await question
    except TimeoutError:
        return _not_ready(f"The database did not answer within {DEADLINE:g} seconds.")
    except NotMigrated:
        return _not_ready(f"The database is not migrated: run `{manage('migrate')}`.")
    except Error:
        return _not_ready("The database cannot be reached.")
    return JsonResponse({"status": "ready"})


def ask_database() -> None:
    """Raise when the database cannot serve us; in any case give the connection back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _seen_migrated.is_set():
            if count_unapplied():
                raise NotMigrated
            _seen_migrated.set()
    finally:
        connection.close()


def _not_ready(sentence: str) -> JsonResponse:
    return JsonResponse({"status": "not ready", "detail": sentence}, status=503)
