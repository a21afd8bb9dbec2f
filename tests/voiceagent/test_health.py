import threading
import time

import pytest
from django.db import OperationalError
from django.test import AsyncClient, Client

from voiceagent import health


async def test_a_living_process_says_so_without_the_database(async_client: AsyncClient) -> None:
    answer = await async_client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
async def test_a_process_with_its_database_is_ready(async_client: AsyncClient) -> None:
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_without_its_database_it_is_not_ready(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "ask_database", fail)
    answer = await async_client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The database cannot be reached."


@pytest.mark.django_db(transaction=True)
async def test_without_its_tables_it_is_not_ready_and_asks_until_they_are_there(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [0, 3]
    monkeypatch.setattr(health, "_seen_migrated", threading.Event())
    monkeypatch.setattr(health, "count_unapplied", waiting.pop)
    answer = await async_client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("The database is not migrated: run `")
    for _ in range(2):  # the second time nothing is left to ask
        assert (await async_client.get("/readyz")).status_code == 200


def test_the_root_leads_to_the_admin(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


async def test_a_database_that_hangs_is_not_waited_for(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    thawed = threading.Event()
    monkeypatch.setattr(health, "DEADLINE", 0.05)
    monkeypatch.setattr(health, "ask_database", lambda: thawed.wait(10))
    began = time.monotonic()
    answer = await async_client.get("/readyz")
    thawed.set()
    assert answer.status_code == 503
    assert "did not answer within" in answer.json()["detail"]
    assert time.monotonic() - began < 5


def test_every_answer_carries_a_request_id_of_its_own(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second


async def test_asynchronous_answers_do_too(async_client: AsyncClient) -> None:
    assert len((await async_client.get("/healthz"))["X-Request-ID"]) == 32
