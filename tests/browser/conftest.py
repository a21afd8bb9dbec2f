"""One server and one Chromium for all browser tests; each test gets a fresh, logged-in window."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.window import DESK, PHONE, Look, Window
from tests.conftest import give_up
from tests.servers import Server, running_server

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKS = [Look(language, width) for language in ("en", "he") for width in (DESK, PHONE)]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        give_up("There is no Chromium here (Debian: apt install chromium).")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser; every test opens windows that share nothing."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, chromium_sandbox=os.geteuid() != 0
        )
        yield running
        await running.close()


@pytest.fixture(scope="session")
def site(chromium: str) -> Iterator[Server]:
    """The real application with the demo's businesses, in a process of its own."""
    with running_server("uvicorn") as server:
        yield server


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """A language and a width; every page has to hold in each."""
    given: Look = request.param
    return given


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def logged_in(
    browser: Browser, site: Server, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The cookies of somebody who has come in by the front door."""
    file = tmp_path_factory.mktemp("browser") / "cookies.json"
    async with Window.opened(browser, site.base_url, LOOKS[0]) as first:
        await first.log_in()
        await first.keep_cookies(file)
    return file


@pytest_asyncio.fixture(loop_scope="session")
async def window(
    browser: Browser, site: Server, look: Look, logged_in: Path
) -> AsyncIterator[Window]:
    """A logged-in window of this look, which must have shown no fault when the test ends."""
    async with Window.opened(browser, site.base_url, look, logged_in) as fresh:
        yield fresh
        assert not fresh.faults, fresh.faults
