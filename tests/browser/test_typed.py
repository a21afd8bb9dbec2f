"""What was typed into a form is not lost when the session had ended before it was sent."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.backstage import run
from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("look", [Look("en", 1280)], indirect=True, ids=str),
]
SETTINGS = "/admin/prompts/business/1/settings/"
SEND = ".submit-row input[type=submit]"
BACK = "What you typed is here again"


async def log_in_here(page: Page, name: str, password: str) -> None:
    """At the login that came in the place of an answer."""
    await page.fill("#id_username", name)
    await page.fill("#id_password", password)
    await page.click("#login-form [type=submit]")
    await page.wait_for_url(f"**{SETTINGS}")


async def send_without_session(page: Page, button: str = SEND) -> None:
    await page.context.clear_cookies(name="sessionid")
    await page.click(button)
    await page.wait_for_url("**/admin/login/**")


async def test_settings_come_back_after_the_login_and_only_once(window: Window) -> None:
    page = window.page
    await window.go(SETTINGS)
    chosen = "shimmer" if await page.input_value("#id_voice") != "shimmer" else "coral"
    await page.select_option("#id_voice", chosen)
    await page.set_checked("#id_transcribe", not await page.is_checked("#id_transcribe"))
    transcribes = await page.is_checked("#id_transcribe")
    await page.fill("#id_reason", "A voice that they know")
    await send_without_session(page)
    await log_in_here(page, "demo", "demo")
    await expect(page.locator("[role=status]", has_text=BACK)).to_be_visible()
    await expect(page.locator("#id_voice")).to_have_value(chosen)
    await expect(page.locator("#id_transcribe")).to_be_checked(checked=transcribes)
    await expect(page.locator("#id_reason")).to_have_value("A voice that they know")
    await window.is_well_made("typed")
    await page.click(SEND)
    await page.wait_for_url("**/admin/prompts/revision/*/")
    await window.go(SETTINGS)
    await expect(page.locator("#id_reason")).to_have_value("")
    assert BACK not in await window.text()


async def test_they_do_not_come_back_to_somebody_else(window: Window, site: Server) -> None:
    page = window.page
    await run(site, "let_in('second')")
    await window.go(SETTINGS)
    await page.fill("#id_reason", "Only mine")
    await send_without_session(page)
    await log_in_here(page, "second", "secret")
    await expect(page.locator("#id_reason")).to_have_value("")
    assert BACK not in await window.text()


async def test_a_password_is_never_kept(window: Window) -> None:
    page = window.page
    await window.go("/admin/auth/user/add/")
    await page.fill("#id_username", "newcomer")
    for field in await page.locator("[type=password]").all():
        await field.fill("horse battery")
    await send_without_session(page, "[name=_save]")
    kept = await page.evaluate("JSON.stringify(sessionStorage)")
    assert "newcomer" in kept
    assert "horse" not in kept
