"""What the loads talk to: servers of the real application on one Postgres and one Redis."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests import services
from tests.bench import processes
from tests.bench.load import HOST
from tests.servers import clean_environment, manage, seeded_database
from tests.settings import ROOT

APPLICATION = "tests.bench.freshness.asgi:application"
CORES = (processes.SERVER_CORE, processes.LOAD_CORE)
PROMPT = ROOT / "prompts/demo/dental_inbound.md"


@dataclass(frozen=True, slots=True)
class Stage:
    """Running servers, and the port at which they will look for their model."""

    ports: list[int]
    logs: list[Path]
    model_port: int
    database_url: str
    token: str
    text: str


@contextmanager
def stage(servers: int) -> Iterator[Stage]:
    """Run one server on the core of servers, or two, the second of them beside the load."""
    with ExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory(prefix="voiceagent-bench-")))
        database = running.enter_context(seeded_database("postgres"))
        redis = running.enter_context(services.redis_database())
        model_port = services.free_port()
        model_url = f"ws://{HOST}:{model_port}/v1/realtime"
        logs = [folder / f"server-{number}.log" for number in range(servers)]
        ports = []
        for log, core in zip(logs, CORES, strict=False):
            lent = processes.server(
                "uvicorn", database, model_url, log, redis_url=redis, core=core,
                application=APPLICATION, priority=2,
            )  # fmt: skip
            ports.append(running.enter_context(lent)[1])
        token = _token(database)
        yield Stage(ports, logs, model_port, database, token, PROMPT.read_text().strip())


def _token(database_url: str) -> str:
    rights = ["--business", "1", "--right", "read", "--right", "publish"]
    environment = clean_environment(DATABASE_URL=database_url)
    made = manage("create_api_token", "bench", *rights, "--json", environment=environment)
    token: str = orjson.loads(made)["token"]
    return token
