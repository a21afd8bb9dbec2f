"""What every test may ask for; a service that is missing is said loudly, or fails the run."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import NoReturn

import pytest
import redis as redis_client
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from prompts import triggers
from tests import services
from tests.unknown_names import UnknownNames

_missing: Counter[str] = Counter()


def pytest_runtest_setup() -> None:
    if settings.MISSING_DATABASE:
        give_up(settings.MISSING_DATABASE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _missing:
        terminalreporter.section("NOT TESTED: A SERVICE IS MISSING", red=True, bold=True)
    for sentence, times in _missing.items():
        terminalreporter.line(f"{times} x {sentence}", red=True)


@pytest.fixture(autouse=True, scope="session")
def _history_can_be_flushed() -> None:
    """Let the flush after a transactional test delete history; `post_migrate` guards it again."""
    flush = TransactionTestCase._fixture_teardown

    def remove_triggers_and_flush(self: TransactionTestCase) -> None:
        triggers.remove()
        flush(self)

    TransactionTestCase._fixture_teardown = remove_triggers_and_flush


@pytest.fixture(autouse=True)
def _language_of_nobody() -> None:
    """A request of the test before leaves its language in this thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Nothing of the test before is still warm."""
    cache.clear()


@pytest.fixture(autouse=True)
def unknown_names() -> Iterator[UnknownNames]:
    """A template that asks for what its view no longer gives would lose a paragraph silently."""
    with UnknownNames() as names:
        yield names
    assert not names.found, "\n".join(sorted(names.found))


@pytest.fixture(scope="session")
def _redis_database() -> Iterator[str]:
    yield from _lend(services.redis_database)


@pytest.fixture
def redis_url(_redis_database: str) -> str:
    """The address of a real Redis database that is empty and nobody else's."""
    return _emptied(_redis_database)


@pytest.fixture(scope="module")
def redis_of_module(_redis_database: str) -> str:
    """The same, emptied once: what was cached there is of other databases."""
    return _emptied(_redis_database)


def _emptied(url: str) -> str:
    client = redis_client.Redis.from_url(url)
    client.flushdb()
    client.set("voiceagent-tests", os.getpid(), ex=3600)  # it stays ours
    client.close()
    return url


@pytest.fixture
def private_redis() -> Iterator[services.PrivateRedis]:
    """A running Redis of the test's own: ``url``, ``kill``, ``start``, ``freeze``, ``thaw``."""
    try:
        private = services.PrivateRedis()
    except services.Missing as missing:
        give_up(str(missing))
    private.start()
    yield private
    private.close()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of a new, empty database on a real Postgres."""
    yield from _lend(services.postgres_database)


def _lend(find: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    lent = find()
    try:
        address = lent.__enter__()
    except services.Missing as missing:
        give_up(str(missing))
    yield address
    lent.__exit__(None, None, None)


def give_up(sentence: str) -> NoReturn:
    """Skip loudly, or fail where every service has to be there."""
    _missing[sentence] += 1
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
