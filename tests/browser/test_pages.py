"""Every page that staff can open, in both languages, on a phone and on a desk."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import everything
from tests.browser.backstage import run
from tests.browser.visits import Things, Visit, Who, no_pages, visits
from tests.browser.window import DESK, Look, Window
from tests.servers import Server
from tests.walks.routes import Route

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Windows = Mapping[Who, Window]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def things(site: Server) -> Things:
    """What the pages are opened with."""
    return Things(**json.loads((await run(site, "write()", everything.__name__)).splitlines()[-1]))


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["en", "he"])
async def windows(
    request: pytest.FixtureRequest,
    browser: Browser,
    site: Server,
    logged_in: Path,
    things: Things,
) -> AsyncIterator[Windows]:
    """A window for each kind of person, which stays open for all pages of a language."""
    look = Look(request.param, DESK)
    async with AsyncExitStack() as stack:

        async def opened(cookies: Path | None = None) -> Window:
            there = Window.opened(browser, site.base_url, look, cookies)
            return await stack.enter_async_context(there)

        viewer = await opened()
        await viewer.log_in(everything.VIEWER, "secret")
        yield {
            Who.ALL: await opened(logged_in),
            Who.VIEWER: viewer,
            Who.STRANGER: await opened(),
        }


@pytest.mark.parametrize("visit", list(visits()), ids=str)
async def test_a_page_is_well_made(windows: Windows, things: Things, visit: Visit) -> None:
    window = windows[visit.who]
    window.faults.clear()
    path = visit.address(things)
    await window.go(path, visit.status)
    if visit.route:
        assert window.page.url == window.base_url + path, "Give the walk an object for this page."
    await window.is_well_made_everywhere(visit.name)


@pytest.mark.parametrize("route", no_pages(), ids=lambda route: route.pattern)
async def test_what_is_said_to_be_no_page_is_none(
    windows: Windows, things: Things, route: Route
) -> None:
    window = windows[Who.ALL]
    address = window.base_url + things.address(route)
    answer = await window.page.request.get(address, max_redirects=0)
    is_page = answer.status == 200 and "<html" in await answer.text()
    assert not is_page, f"{route.pattern} is a page: let the walk open it."
