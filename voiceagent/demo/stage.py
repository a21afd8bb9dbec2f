"""Where the demo plays: a database of its own, a free port, and the real server."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

STARTED_WITHIN = 60.0
STOPPED_WITHIN = 15.0


class DemoFailed(Exception):
    """A step of the demo did not happen; the text says which."""


@contextmanager
def stage() -> Iterator[dict[str, str]]:
    """The environment of a demo: everything simulated, nothing of the person's own touched."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="voiceagent-demo-") as folder:
        yield {
            **os.environ,
            "DJANGO_ENV_FILE": os.devnull,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            "LOG_LEVEL": "WARNING",
            **dict.fromkeys(EMPTY, ""),
        }


# What the shell may hold and the demo must not use: accounts, services, other settings.
EMPTY = (
    "OPENAI_API_KEY",
    "OPENAI_REALTIME_URL",
    "REDIS_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "TWILIO_STREAM_SIGNATURE",
    "DJANGO_DEBUG",
    "DJANGO_SECRET_KEY",
    "DJANGO_ALLOWED_HOSTS",
    "DJANGO_CSRF_TRUSTED_ORIGINS",
    "WEB_CONCURRENCY",
)


def run_apart(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run ``command`` to its end; raises KeyboardInterrupt when somebody breaks it off.

    It lives in a session of its own, so that a Ctrl-C reaches it once, through us, and whatever
    it started ends with it.
    """
    for end in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal breaks it off as well
        signal.signal(end, signal.default_int_handler)
    player = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, env=environment, start_new_session=True
    )
    try:
        return player.wait()
    except KeyboardInterrupt:
        _break_off(player)
        raise


def _break_off(player: subprocess.Popen[bytes]) -> None:
    for impatience in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(impatience, signal.SIG_IGN)
    player.send_signal(signal.SIGINT)
    try:
        player.wait(STOPPED_WITHIN + 5)
    except subprocess.TimeoutExpired:
        player.kill()
        player.wait()
    with suppress(ProcessLookupError):  # usually nobody of its session is left
        os.killpg(player.pid, signal.SIGKILL)


@contextmanager
def running_server() -> Iterator[str]:
    """The server of this project as a process of its own; gives its address."""
    base_url = settings.PUBLIC_BASE_URL
    port = base_url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", port]
    log_path = _database_file().with_name("server.log")
    with log_path.open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*command, "voiceagent.asgi:application"],
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_up(base_url, server, log_path)
        yield base_url
    finally:
        server.terminate()
        try:
            server.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_up(base_url: str, server: subprocess.Popen[bytes], log_path: Path) -> None:
    give_up = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < give_up:
        if server.poll() is not None:
            last = log_path.read_text(errors="replace").strip().splitlines()[-1:]
            raise DemoFailed(f"The server ended by itself: {' '.join(last)}")
        try:
            with urlopen(f"{base_url}/healthz", timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise DemoFailed(f"The server did not answer within {STARTED_WITHIN:.0f} seconds.")


def _database_file() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
