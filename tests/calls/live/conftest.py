"""A hub between stand-ins, which asks only when it is told to."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.conf import LazySettings

from calls.live import change_feed, reconcile, subscription
from calls.live.change_feed import Hub
from calls.live.heart import Heart
from tests.calls.live.standins import Database, Layer


@pytest.fixture
async def database(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Database:
    found = Database()
    monkeypatch.setattr(change_feed, "reading", found)
    monkeypatch.setattr(reconcile, "reading", found)
    settings.RECONCILE_SECONDS = 3600
    return found


@pytest.fixture
async def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    found = Layer()
    monkeypatch.setattr(subscription, "get_channel_layer", lambda: found)
    monkeypatch.setattr(subscription, "FIRST_PAUSE", 0.01)
    return found


@pytest.fixture
async def hub(
    database: Database, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hub]:
    monkeypatch.setattr(Heart, "run", for_ever)
    found = Hub()
    yield found
    for task in found._tasks:
        task.cancel()
    await asyncio.gather(*found._tasks, return_exceptions=True)


async def for_ever(_heart: Heart) -> None:
    await asyncio.Event().wait()
