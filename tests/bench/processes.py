"""The processes of the bench: each pinned to its core, none left behind."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

from tests import services
from tests.bench.dialling import AUTH_TOKEN
from tests.servers import clean_environment
from tests.settings import ROOT

SERVER_CORE, LOAD_CORE = 0, 1
STARTS_WITHIN = 30.0
ENDS_WITHIN = 15.0
TRIES = 3  # a free port may be taken between finding and using it

WITH_SLOW_QUERY = "tests.bench.asgi_with_slow_query:application"
PLAIN = "voiceagent.asgi:application"
UVICORN = """
    uvicorn --ws websockets-sansio --ws-per-message-deflate false --loop uvloop
    --no-access-log --log-level warning --host 127.0.0.1 --port
"""
DAPHNE = "daphne --access-log /dev/null -v 0 -b 127.0.0.1 -p"
COMMANDS = {"uvicorn": UVICORN.split(), "daphne": DAPHNE.split()}


class Broken(Exception):
    """The bench cannot go on; the text is a sentence for a person."""


@contextmanager
def helper(module: str, *arguments: str, core: int) -> Iterator[tuple[int, int]]:
    """Run a module of the bench that prints its port; lend its process id and that port."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,  # it ends when we do, in whatever way
        stdout=subprocess.PIPE,
    )
    with _ended(process):
        pin(process.pid, core)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.strip().isdigit():
            raise Broken(f"{module} did not start; what it said stands above.")
        yield process.pid, int(line)


@contextmanager
def server(
    kind: str,
    database_url: str,
    model_url: str,
    log: Path,
    *,
    root: Path = ROOT,
    application: str = PLAIN,
    redis_url: str = "",
    core: int = SERVER_CORE,
    priority: int = 1,
) -> Iterator[tuple[int, int]]:
    """Run the real application; lend the server's process id and port."""
    for attempt in range(1, TRIES + 1):
        port = services.free_port()
        command = [sys.executable, "-m", *COMMANDS[kind], str(port)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*command, application],
                cwd=root,
                env=_environment(port, database_url, model_url, redis_url),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        with _ended(process):
            pin(process.pid, core, priority)
            if _comes_up(process, port):
                yield process.pid, port
                return
        if attempt == TRIES:
            said = log.read_text(errors="replace").strip()[-500:]
            raise Broken(f"{kind} did not start. The last it said: {said}")


def load(module: str, plan: str, *, seconds: float, priority: int = 1) -> bytes:
    """Run a load to its end; what it printed. One of priority 3 goes before all servers."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, plan], cwd=ROOT, stdout=subprocess.PIPE
    )
    with _ended(process):
        pin(process.pid, LOAD_CORE, priority)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Broken(f"A load did not end within {seconds:.0f} seconds.") from None
    if process.returncode:
        raise Broken("A load failed; what it said stands above.")
    return output


def pin(pid: int, core: int, priority: int = 1) -> None:
    """Keep a process that has just begun on one core, which neighbours may use when it rests."""
    if core in os.sched_getaffinity(0) and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(pid, {core})
    with suppress(PermissionError):  # the same for all of ours; its threads come after it
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(priority))


def _environment(port: int, database_url: str, model_url: str, redis_url: str) -> dict[str, str]:
    """The settings of a production server: no DEBUG, signatures checked, a model with a key."""
    return clean_environment(
        PUBLIC_BASE_URL=f"http://127.0.0.1:{port}",
        DATABASE_URL=database_url,
        DJANGO_DEBUG="0",
        DJANGO_SECRET_KEY="only-for-the-bench-" * 4,
        OPENAI_API_KEY="only-for-the-bench",
        OPENAI_REALTIME_URL=model_url,
        TWILIO_AUTH_TOKEN=AUTH_TOKEN,
        MAX_CONCURRENT_CALLS="100000",
        REDIS_URL=redis_url,
    )


def _comes_up(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.1)
    return False


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process with the block, also when it does not want to."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
