"""Refuses to start in a state that would surprise somebody, and says what to do."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from voiceagent.environment import refuse
from voiceagent.remedies import manage
from voiceagent.tables import count_unapplied

logger = logging.getLogger(__name__)


def register() -> None:
    """Make the checks part of ``manage.py check`` and of every command that runs it."""
    checks.register(check_start, checks.Tags.security)
    checks.register(check_demo_password, checks.Tags.database)


def refuse_to_start() -> None:
    """End a server with one line for each error; servers do not run Django's checks themselves."""
    with ThreadPoolExecutor(1) as pool:  # a server may import us inside its event loop
        found = pool.submit(_everything).result()
    for message in found:
        if not message.is_serious():
            logger.warning("%s %s", message.msg, message.hint or "")
    lines = [f"{message.msg} {message.hint}" for message in found if message.is_serious()]
    if lines:
        refuse(lines)


def check_start(**kwargs: Any) -> list[checks.CheckMessage]:
    """Say what in the settings does not go together."""
    return [message for check in _CHECKS for message in check()]


def check_demo_password(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Look for the demo account; needs the database, so it runs with ``migrate`` and servers."""
    return list(demo_password_is_gone()) if databases else []


def debug_stays_at_home() -> Iterator[checks.CheckMessage]:
    """Refuse to show error pages with settings and source to the internet."""
    if settings.DEBUG and not settings.PUBLIC_IS_LOOPBACK:
        yield checks.Error(
            f"DJANGO_DEBUG is on while PUBLIC_BASE_URL is {settings.PUBLIC_BASE_URL}.",
            hint="Set DJANGO_DEBUG=0, or leave it out.",
            id="voiceagent.E001",
        )


def sound_can_be_streamed() -> Iterator[checks.CheckMessage]:
    """Refuse an address at which Twilio would ring and nobody could be heard."""
    if not settings.PUBLIC_IS_SECURE and not settings.PUBLIC_IS_LOOPBACK:
        yield checks.Error(
            "Twilio streams sound only to https addresses;",
            hint=f"write PUBLIC_BASE_URL=https://{settings.PUBLIC_BASE_URL.removeprefix('http://')}.",
            id="voiceagent.E009",
        )


def secret_key_is_set() -> Iterator[checks.CheckMessage]:
    """Refuse to sign sessions with a key that everybody can read here."""
    try:
        missing = settings.SECRET_KEY == settings.DEVELOPMENT_KEY
    except ImproperlyConfigured:
        missing = True
    if missing and not settings.DEBUG:
        yield checks.Error(
            "DJANGO_SECRET_KEY is missing, and only DEBUG goes without.",
            hint="Set it to 50 random characters, for example from `openssl rand -hex 32`.",
            id="voiceagent.E002",
        )


def twilio_can_be_believed() -> Iterator[checks.CheckMessage]:
    """Refuse to take calls from anybody who knows the address."""
    if settings.TWILIO_AUTH_TOKENS:
        return
    if not settings.DEBUG:
        yield checks.Error(
            "TWILIO_AUTH_TOKEN is missing, so anybody could pretend to be Twilio.",
            hint="Copy the auth token from the console of your Twilio account.",
            id="voiceagent.E003",
        )
    elif settings.TWILIO_STREAM_SIGNATURE == "required":
        yield checks.Error(
            "TWILIO_STREAM_SIGNATURE is 'required' without a TWILIO_AUTH_TOKEN to check with.",
            hint="Set TWILIO_AUTH_TOKEN, or TWILIO_STREAM_SIGNATURE=if-present.",
            id="voiceagent.E004",
        )


def model_is_real() -> Iterator[checks.CheckMessage]:
    """Refuse to let the simulator talk to real callers."""
    if not settings.SIMULATE_MODEL:
        return
    if not settings.DEBUG:
        yield checks.Error(
            "OPENAI_API_KEY is missing, and the simulated model is for DEBUG only.",
            hint="Set OPENAI_API_KEY.",
            id="voiceagent.E005",
        )
    elif settings.REALTIME_URL_IS_IGNORED:
        yield checks.Warning(
            "OPENAI_REALTIME_URL is ignored: without OPENAI_API_KEY the simulated model answers.",
            hint="Set OPENAI_API_KEY to use it.",
            id="voiceagent.W001",
        )


def workers_can_talk() -> Iterator[checks.CheckMessage]:
    """Refuse several processes that could not tell each other of a publish."""
    if not settings.REDIS_URL and _workers() > 1:
        yield checks.Error(
            f"{_workers()} workers were asked for, but REDIS_URL is not set.",
            hint="Set REDIS_URL, or start one worker.",
            id="voiceagent.E006",
        )


def database_has_a_place() -> Iterator[checks.CheckMessage]:
    """Say so when the folder of a SQLite file is missing, in better words than SQLite's."""
    database = settings.DATABASES["default"]
    folder = Path(str(database["NAME"])).parent
    if str(database["ENGINE"]).endswith("sqlite3") and not folder.is_dir():
        yield checks.Error(
            f"The folder {folder} of DATABASE_URL does not exist.",
            hint="Create it, or name another one.",
            id="voiceagent.E007",
        )


def demo_password_is_gone() -> Iterator[checks.CheckMessage]:
    """Refuse a public address while the password of the demo account is the published one."""
    if settings.PUBLIC_IS_LOOPBACK:
        return
    # Imported late: models load after the checks are registered by an earlier application.
    from prompts.services.demo import PASSWORD, USERNAME

    try:
        user = get_user_model().objects.filter(username=USERNAME, is_active=True).first()
    except DatabaseError:  # no tables yet, or the database is away: nothing to log in to
        return
    if user and user.check_password(PASSWORD):
        yield checks.Error(
            f"The account 'demo' still has its demo password at {settings.PUBLIC_BASE_URL}.",
            hint=f"Run `{manage('changepassword demo')}`, or use a database without demo data.",
            id="voiceagent.E008",
        )


def tables_are_there() -> Iterator[checks.CheckMessage]:
    """Say at the start that nothing will work yet; a server may come up before ``migrate`` ran."""
    try:
        waiting = count_unapplied()
    except DatabaseError:  # it is away; /readyz says so
        return
    if waiting:
        yield checks.Warning(
            "The database is not migrated, so no call can be answered.",
            hint=f"Run `{manage('migrate')}`.",
            id="voiceagent.W002",
        )


_CHECKS: tuple[Callable[[], Iterator[checks.CheckMessage]], ...] = (
    debug_stays_at_home,
    sound_can_be_streamed,
    secret_key_is_set,
    twilio_can_be_believed,
    model_is_real,
    workers_can_talk,
    database_has_a_place,
)


def _everything() -> list[checks.CheckMessage]:
    try:
        found = [*check_start(), *check_demo_password(databases=["default"])]
        is_sound = not any(message.is_serious() for message in found)
        return found + list(tables_are_there()) if is_sound else found
    finally:
        connection.close()


def _workers() -> int:
    """How many processes serve, as far as one of them can know."""
    given = [settings.WEB_CONCURRENCY]
    for word, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        name, _, value = word.partition("=")
        number = value or following
        if name in {"--workers", "-w"} and number.isdigit():
            given.append(int(number))
    return max(given)
