"""A platform prompt in the browser: the desk of a business's, with every business behind it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.test_workspace import discard, press, saved
from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ON_A_DESK = pytest.mark.parametrize("look", [Look("en", 1280)], indirect=True, ids=str)
LIST = "/admin/prompts/platform/"
PROMPT = f"{LIST}universal/"
TEXT = "Be kind at {{ business_name }}.\nStop when you are interrupted.\nשורה בעברית"
SENTENCE = "[data-part=sentence]"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _no_draft_stays(window: Window) -> AsyncIterator[None]:
    """Drafts are the person's, and all tests are the same person."""
    yield
    await discard(window, PROMPT)


async def on(site: Server, work: str) -> str:
    """What the server's own process does, and writes."""
    code = f"from tests.browser import rows; rows.{work}"
    return (await asyncio.to_thread(site.manage, "shell", "--no-imports", "-c", code)).strip()


async def write(page: Page, text: str, why: str) -> None:
    """Type, and go on to the review."""
    await page.fill("#id_text", text)
    await page.fill("#id_note", why)
    await press(page, "[name=then][value=review]")


def number_of(page: Page) -> str:
    """The number of the release whose page is shown."""
    found = re.search(r"/release/(\d+)/", page.url)
    assert found, page.url
    return found[1]


async def test_the_pages_of_writing_are_well_made(window: Window, site: Server) -> None:
    page, name = window.page, window.look
    shipped = (await on(site, f"ship('Shipped for {name}: be kind.')")).split()[-1]
    pages = {"list": LIST, "waiting": f"{PROMPT}restore/{shipped}/"}
    await are_well_made(window, pages)
    await window.go(PROMPT)
    async with page.expect_response("**/draft/"):
        await page.fill("#id_text", f"{TEXT}\u202e {{{{ website }}}} {name}")
    await are_well_made(window, {"prompt": PROMPT, "review-blocked": f"{PROMPT}review/"})
    await window.go(PROMPT)
    await write(page, f"{TEXT} {name}", "Kinder")
    await window.is_well_made("platform-review")
    chosen = "business=3&direction=inbound&caller=unknown"
    pages = {"preview": f"{PROMPT}preview/", "preview-he": f"{PROMPT}preview/?{chosen}"}
    await are_well_made(window, pages)


async def test_the_pages_of_deciding_are_well_made(window: Window, site: Server) -> None:
    page, name = window.page, window.look
    await window.go(PROMPT)
    await write(page, f"{TEXT} {name}", "Kinder")
    await on(site, f"publish_for_everybody('Theirs, for {name}.')")
    await are_well_made(window, {"conflict": f"{PROMPT}conflict/"})
    await press(page, "[name=choice][value=mine] ~ button")
    await press(page, ".va-actions .default")
    await page.wait_for_url("**/release/*/")
    await window.is_well_made("platform-release")
    await are_well_made(window, {"take-back": f"{PROMPT}take-back/"})
    await press(page, ".va-actions .default")
    business = "/admin/prompts/business/3/"
    pages = {"in-a-prompt": f"{business}prompt/inbound/", "in-the-past": f"{business}moment/"}
    await are_well_made(window, {"versions": PROMPT, **pages})


async def are_well_made(window: Window, pages: Mapping[str, str]) -> None:
    """Open each, and look at it."""
    for name, path in pages.items():
        await window.go(path)
        await window.is_well_made(f"platform-{name}")


@ON_A_DESK
async def test_typing_is_saved_and_survives_a_closed_window(window: Window) -> None:
    page = await another(window)
    await page.fill("#id_text", "Typed and saved, for everybody.")
    await saved(page)
    await page.fill("#id_text", "And closed at once.")
    await page.close()
    page = await another(window)
    await expect(page.locator("#id_text")).to_have_value("And closed at once.")
    await saved(page)


async def another(window: Window) -> Page:
    """One more window of the same person."""
    page = await window.page.context.new_page()
    await page.goto(window.base_url + PROMPT)
    return page


@ON_A_DESK
async def test_from_the_platform_to_confirmed_in_three_presses_and_back_in_one(
    window: Window, site: Server
) -> None:
    page = window.page
    await on(site, "begin_calls(2)")
    await window.go(LIST)
    await press(page, f"a[href='{PROMPT}']")
    await write(page, "Be kind to everybody, and be brief.", "Shorter")
    await expect(page.locator(".va-publish")).to_contain_text(re.compile(r"all \d+ businesses"))
    await expect(page.locator(".va-publish")).to_contain_text("2 calls in progress get it now")
    await press(page, "text=Publish to every business")
    await expect(page.locator(SENTENCE)).to_be_visible()
    await on(site, f"answer({number_of(page)})")
    confirmed = re.compile(r"Confirmed in 2 of 2 calls in progress, slowest \d+ ms.")
    await expect(page.locator(SENTENCE)).to_have_text(confirmed)
    await press(page, "text=Take back v")
    await press(page, ".va-actions .default")
    await expect(page.locator("h1")).to_contain_text("Taken back from every business")
