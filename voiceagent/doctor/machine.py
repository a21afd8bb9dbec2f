"""The parts of an installation that are on its own machines."""

import asyncio
import uuid
from collections.abc import Iterator

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from calls.simulator.telephone.webhook import is_voiceagent
from prompts import triggers
from prompts.models import Prompt
from prompts.selectors import unpublished_shipped
from voiceagent.checks import check_demo_password, check_start
from voiceagent.remedies import manage
from voiceagent.tables import count_unapplied, of_the_demo

from .findings import Finding, good, note, wrong

ROUND_TRIP = 2.0  # seconds


def look_at_settings() -> Iterator[Finding]:
    """Everything that the checks of the project say, database aside."""
    messages = [*check_start(), *checks.run_checks(tags=[checks.Tags.urls, checks.Tags.models])]
    for message in messages:
        if message.is_serious():
            yield wrong("Settings", message.msg, message.hint or "")
        else:
            yield note("Settings", message.msg, message.hint or "")
    if not any(message.is_serious() for message in messages):
        yield good("Settings", f"They go together. Calls come to {settings.PUBLIC_BASE_URL}.")
    if settings.SIMULATE_MODEL:
        yield note("Model", "The simulator stands in for it.", "Set OPENAI_API_KEY to go live.")
    if not settings.TWILIO_AUTH_TOKENS:
        yield note(
            "Twilio", "Webhook signatures are not checked.", "Set TWILIO_AUTH_TOKEN to go live."
        )


def database_answers() -> Finding:
    """Whether a question reaches the database and comes back."""
    name = {"sqlite": "SQLite", "postgresql": "Postgres"}.get(connection.vendor, connection.vendor)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return wrong(
            "Database",
            f"{name} does not answer ({type(error).__name__}).",
            "Start it, or mend DATABASE_URL.",
        )
    return good("Database", f"{name} answers.")


def tables_are_current() -> Finding:
    """Whether every migration was applied."""
    waiting = count_unapplied()
    if waiting:
        remedy = f"Run `{manage('migrate')}`.{of_the_demo()}"
        return wrong("Migrations", f"{waiting} are not applied.", remedy)
    return good("Migrations", "All are applied.")


def look_at_history() -> Iterator[Finding]:
    """Whether the database itself guards history, and the platform has its prompts."""
    missing = triggers.missing()
    if missing:
        sentence = f"{len(missing)} are missing, {missing[0]} among them: history can be altered."
        yield wrong("Triggers", sentence, f"Run `{manage('migrate')}`, which installs them.")
    else:
        yield good("Triggers", "The database refuses to rewrite history.")
    yield from _look_at_platform()
    for message in check_demo_password(databases=["default"]):
        yield wrong("Accounts", message.msg, message.hint or "")


def _look_at_platform() -> Iterator[Finding]:
    live = Prompt.objects.filter(business=None, current__isnull=False).count()
    if live < 3:  # one for every call, one for each direction
        yield wrong(
            "Platform prompts",
            f"{live} of 3 are live; no call can be answered.",
            f"Run `{manage('migrate')}`, which installs them.",
        )
    elif unpublished_shipped().exists():
        yield note(
            "Platform prompts",
            "A new one came with an upgrade and waits.",
            "Read and publish it in the admin under “Platform”.",
        )
    else:
        yield good("Platform prompts", "All three are live.")


def server_answers() -> Finding:
    """Whether a server of ours answers where Twilio will ask; it may be started later."""
    address = settings.PUBLIC_BASE_URL
    if is_voiceagent(address):
        return good("Server", f"It answers at {address}.")
    return note(
        "Server",
        f"None answers at {address}/healthz from here.",
        "Start it (README.md, “Answer a real number”); then look at the tunnel or proxy.",
    )


def redis_answers() -> Finding:
    """Whether Redis answers, where there is one."""
    if not settings.REDIS_URL:
        return note(
            "Redis", "None is set; that is fine for one process.", "Set REDIS_URL for several."
        )
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMEOUTS)
        client.ping()
        client.close()
    except redis.RedisError as error:
        return wrong(
            "Redis",
            f"It does not answer ({type(error).__name__}). Calls go on; "
            f"changes reach them within {settings.RECONCILE_SECONDS:g} seconds instead of at once.",
            "Start it, or mend REDIS_URL.",
        )
    return good("Redis", "It answers.")


def layer_carries() -> Finding:
    """Whether a message to a group of the channel layer comes back."""
    try:
        async_to_sync(_round_trip)()
    except Exception as error:  # noqa: BLE001 - whatever a layer raises is the finding
        return wrong(
            "Channel layer",
            f"A message did not come back ({type(error).__name__}).",
            "It travels through Redis; see that line.",
        )
    return good("Channel layer", "A message to a group came back.")


async def _round_trip() -> None:
    layer = get_channel_layer()
    if layer is None:
        raise LookupError("no layer")
    group, word = f"doctor-{uuid.uuid4().hex}", uuid.uuid4().hex
    async with asyncio.timeout(ROUND_TRIP):
        channel = await layer.new_channel()
        await layer.group_add(group, channel)
        try:
            await layer.group_send(group, {"type": "doctor.word", "word": word})
            answer = await layer.receive(channel)
        finally:
            await layer.group_discard(group, channel)
    if answer["word"] != word:
        raise LookupError("another message came back")
