"""An editor that was left open keeps its words from whoever logs in later in the same browser."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.backstage import run
from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("look", [Look("en", 1280), Look("he", 390)], indirect=True, ids=str),
]
PROMPT = "/admin/prompts/business/2/prompt/inbound/"
REFUSED = {
    "en": "You are logged in as second now, but these words were typed by demo",
    "he": "אבל המילים האלה הוקלדו על ידי",
}


async def log_in_beside(window: Window, name: str, password: str) -> Page:
    """Somebody logs in in another window of this browser."""
    page = await window.page.context.new_page()
    await window.page.context.clear_cookies(name="sessionid")
    await page.goto(f"{window.base_url}/admin/login/")
    await page.fill("#id_username", name)
    await page.fill("#id_password", password)
    await page.click("#login-form [type=submit]")
    await page.wait_for_url("**/admin/")
    return page


async def test_what_is_typed_on_becomes_nobody_elses_draft(window: Window, site: Server) -> None:
    await run(site, "let_in('second')")
    await window.go(PROMPT)
    left = window.page
    theirs = await log_in_beside(window, "second", "secret")
    await left.fill("#id_text", "Words of demo.")
    status = left.locator("[data-status]")
    await expect(status).to_contain_text(REFUSED[window.look.language])
    await left.click("[name=then][value=stay]")
    await expect(left.locator("#va-text")).to_have_value("Words of demo.")
    await window.is_well_made("typist")
    await theirs.goto(window.base_url + PROMPT)
    await expect(theirs.locator("#id_text")).not_to_have_value("Words of demo.")
    await log_in_beside(window, "demo", "demo")
    await left.click(".va-actions a")
    await expect(left.locator("#id_text")).to_have_value("Words of demo.")
    await left.locator("[data-status]", has_text=":").wait_for()  # saved, with the time
    await left.goto(f"{window.base_url}{PROMPT}discard/")
    async with left.expect_navigation():
        await left.click("[data-forget]")
    assert all(fault.startswith("403: ") for fault in window.faults)
    window.faults.clear()  # both refusals
