"""Finds the real Postgres and Redis that tests talk to, or says that there are none.

In this order: TEST_DATABASE_URL and TEST_REDIS_URL, 127.0.0.1 at the standard ports, a private
server from binaries found on this machine.
"""

import atexit
import contextlib
import getpass
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis as redis_client
from psycopg import sql


class Missing(Exception):
    """There is no such service here; the sentence says how to get one."""


@cache
def postgres() -> str:
    """Answer the address of a Postgres where databases can be created."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        candidates = [given]
    else:
        users = dict.fromkeys(["postgres", getpass.getuser(), "root"])
        candidates = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]
    for url in candidates:
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(url, connect_timeout=2).close()
            return url
    if given:
        raise Missing("TEST_DATABASE_URL is set, but no Postgres answers there.")
    return _private_postgres()


@cache
def redis() -> str:
    """Answer the address of a Redis, without the number of a database."""
    given = os.environ.get("TEST_REDIS_URL")
    url = given or "redis://127.0.0.1:6379"
    with contextlib.suppress(redis_client.RedisError):
        redis_client.Redis.from_url(url, socket_timeout=1).ping()
        return urlunsplit(urlsplit(url)._replace(path=""))
    if given:
        raise Missing("TEST_REDIS_URL is set, but no Redis answers there.")
    private = PrivateRedis()
    private.start()
    atexit.register(private.close)
    return private.base


@contextlib.contextmanager
def postgres_database(template: str = "template1") -> Iterator[str]:
    """Lend the address of a new Postgres database and drop it afterwards."""
    server = postgres()
    name = f"test_voiceagent_{uuid.uuid4().hex[:12]}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _administer(server, create.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        _administer(server, drop.format(sql.Identifier(name)))


@contextlib.contextmanager
def redis_database() -> Iterator[str]:
    """Lend the address of an empty Redis database that nobody else uses."""
    server = redis()
    for number in range(1, 16):
        client = redis_client.Redis.from_url(f"{server}/{number}", socket_timeout=2)
        claimed = client.set("voiceagent-tests", os.getpid(), nx=True, ex=3600)
        if claimed and client.dbsize() == 1:
            try:
                yield f"{server}/{number}"
            finally:
                client.flushdb()
                client.close()
            return
        if claimed:
            client.delete("voiceagent-tests")
        client.close()
    raise Missing(f"Every database of the Redis at {server} is in use; empty one of 1 to 15.")


class PrivateRedis:
    """A Redis process of a test's own, to kill and to freeze."""

    def __init__(self) -> None:
        self.binary = shutil.which("redis-server")
        if self.binary is None:
            raise Missing("redis-server was not found; install Debian's package redis-server.")
        self.port = free_port()
        self.base = f"redis://127.0.0.1:{self.port}"
        self.url = f"{self.base}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start empty, at the same port as before, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]
        self.process = subprocess.Popen(
            [str(self.binary), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        client = redis_client.Redis.from_url(self.url, socket_timeout=1)
        wait_until(lambda: _answers(client), "redis-server to answer")
        client.close()

    def kill(self) -> None:
        """End it as a crash does; every connection is cut."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """Keep the connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on where ``freeze`` stopped."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """End it for good."""
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self.process, "start() comes first"
        self.process.send_signal(number)


def free_port() -> int:
    """A port of loopback where nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: object, what: str, seconds: float = 20) -> None:
    """Wait for ``true()``, or fail with the name of what did not come."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:g} seconds for {what}.")
        time.sleep(0.02)


def _answers(client: redis_client.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis_client.RedisError:
        return False


def _administer(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
        connection.execute(statement)


def _private_postgres() -> str:
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    initdb, control = shutil.which("initdb", path=path), shutil.which("pg_ctl", path=path)
    if not (initdb and control):
        raise Missing("No Postgres was found; install Debian's package postgresql.")
    # Postgres refuses to run as root; the user of Debian's package takes its place.
    user = "postgres" if os.geteuid() == 0 else None
    folder, port = tempfile.mkdtemp(prefix="voiceagent-postgres-"), free_port()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if user:
        shutil.chown(folder, user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    for command in (
        [initdb, "-D", folder, "-A", "trust", "-U", "postgres"],
        [control, "-D", folder, "-o", options, "-l", f"{folder}/log", "-w", "start"],
    ):
        _run(command, user, folder)
    atexit.register(_run, [control, "-D", folder, "-m", "immediate", "stop"], user, folder)
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def _run(command: list[str], user: str | None, folder: str) -> None:
    done = subprocess.run(
        command, user=user, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"A private Postgres did not start: {done.stderr.strip()[-300:]}")
