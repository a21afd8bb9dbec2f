"""The load on the voice webhook alone: so many new calls a second, never waiting for an answer."""

import asyncio
import sys
from dataclasses import dataclass

import orjson
import uvloop

from tests.bench.dialling import dial


@dataclass(frozen=True, slots=True)
class Plan:
    """One window."""

    port: int
    per_second: float
    seconds: float


async def measure(plan: Plan) -> list[float]:
    """How many milliseconds each webhook took."""
    took: list[float] = []

    async def post() -> None:
        admitted = await dial("127.0.0.1", plan.port)
        took.append(admitted.seconds * 1000)

    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as posts:
        for number in range(round(plan.per_second * plan.seconds)):
            await asyncio.sleep(began + number / plan.per_second - loop.time())
            posts.create_task(post())
    return took


def main() -> None:
    """Measure the window that the first argument describes; print what was found."""
    plan = Plan(**orjson.loads(sys.argv[1]))
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(measure(plan))))


if __name__ == "__main__":
    main()
