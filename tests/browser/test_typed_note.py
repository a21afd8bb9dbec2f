"""A note that was typed when the session had ended is unfolded again with its words."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("look", [Look("en", 1280), Look("he", 390)], indirect=True, ids=str),
]
WORDS = "She asked twice.\nהיא תחזור מחר"


async def log_in_at(page: Page) -> None:
    """At the login that came in the place of a page."""
    await page.fill("#id_username", "demo")
    await page.fill("#id_password", "demo")
    await page.click("#login-form [type=submit]")


async def add_tag_elsewhere(window: Window, place: str) -> None:
    """Another window adds a tag, and with it a form of its own, and its session ends too."""
    page = await window.page.context.new_page()
    await page.goto(window.base_url + place)
    await log_in_at(page)
    await page.fill("#id_word", "callback")
    await page.click(".va-add button")
    await expect(page.locator("#tags li", has_text="callback")).to_be_visible()
    await page.context.clear_cookies(name="sessionid")


async def test_a_folded_note_comes_back_open_with_its_words(window: Window, site: Server) -> None:
    code = "from tests.browser import rows; rows.write_call()"
    told = await asyncio.to_thread(site.manage, "shell", "--no-imports", "-c", code)
    place = f"/admin/calls/call/{told.split()[-1]}/change/"
    page = window.page
    await window.go(place)
    fold = page.locator("#notes .va-write")
    await fold.locator("summary").click()
    await page.fill("#id_text", WORDS)
    await page.context.clear_cookies(name="sessionid")
    await fold.locator("button.default").click()
    await page.wait_for_url("**/admin/login/**")
    await add_tag_elsewhere(window, place)
    await page.reload()
    await log_in_at(page)
    await page.wait_for_url(f"**{place}#notes")
    await expect(page.locator("#id_text")).to_be_visible()
    await expect(page.locator("#id_text")).to_have_value(WORDS)
    await expect(fold.locator("[role=status]")).to_be_visible()
    await window.is_well_made("typed-note")
    await fold.locator("button.default").click()
    await expect(page.locator("#notes ol")).to_contain_text("She asked twice.")
    await expect(page.locator("[role=status]")).to_have_count(0)
