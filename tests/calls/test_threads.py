"""Work in database threads ends with whoever asked for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from calls.threads import DatabaseThreads


class Answers(DatabaseThreads):
    """Threads whose work is done when the test says so."""

    def __init__(self) -> None:
        super().__init__(threads=1, waiting=1)
        self.answer: Future[Any] = Future()

    def submit(self, work: Callable[[], Any]) -> Future[Any]:
        return self.answer


async def ask_for_ever(threads: DatabaseThreads) -> None:
    while True:
        await threads.run(int, within=60)
        await asyncio.Event().wait()


async def test_a_cancellation_that_meets_the_answer_is_not_lost() -> None:
    threads = Answers()
    asking = asyncio.create_task(ask_for_ever(threads))
    await asyncio.sleep(0)
    threads.answer.set_result(0)
    asyncio.get_running_loop().call_soon(asking.cancel)  # right after the answer has come
    await asyncio.wait([asking], timeout=5)
    assert asking.cancelled()


async def test_a_timeout_drops_work_that_has_not_begun() -> None:
    threads = Answers()
    with pytest.raises(TimeoutError):
        await threads.run(int, within=0.01)
    assert threads.answer.cancelled()
