"""What somebody reads whose address, password or form is not taken."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import everything
from tests.browser.backstage import run
from tests.browser.window import DESK, Look, Window
from tests.servers import Server, running_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# As everywhere but on a developer's machine, who would read of routes.
STRICT = {
    "DJANGO_DEBUG": "0",
    "DJANGO_SECRET_KEY": "only-for-this-test-" * 4,
    "OPENAI_API_KEY": "only-for-this-test",
    "TWILIO_AUTH_TOKEN": "only-for-this-test",
}


@pytest.fixture(scope="module")
def strict(site: Server) -> Iterator[Server]:
    """A server beside the other one, which tells no stranger how it is built."""
    with running_server(environment=STRICT, database_url=site.database_url) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", params=["en", "he"])
async def window(
    request: pytest.FixtureRequest, browser: Browser, strict: Server
) -> AsyncIterator[Window]:
    """Somebody who has yet to log in."""
    look = Look(request.param, DESK)
    async with Window.opened(browser, strict.base_url, look) as fresh:
        yield fresh


async def test_a_wrong_address(window: Window) -> None:
    await window.log_in()
    await window.go("/admin/nothing/", 404)
    await window.is_well_made_everywhere("no-such-page")


async def test_a_wrong_password_and_the_last_of_many(window: Window, strict: Server) -> None:
    await run(strict, "lock_out()", everything.__name__)
    await window.go("/admin/login/")
    await window.send_login("demo", "wrong")
    await window.is_well_made_everywhere("wrong-password")
    await window.send_login(everything.LOCKED_OUT, "wrong")
    assert window.faults.pop().startswith("429")
    await window.is_well_made_everywhere("locked-out")


async def test_a_form_without_its_mark(window: Window) -> None:
    await window.go("/admin/login/")
    await window.page.context.clear_cookies()
    await window.send_login("demo", "demo")
    assert window.faults.pop().startswith("403")
    await window.is_well_made_everywhere("form-without-mark")
