"""The page of a release in a browser: it renews itself until every call has answered."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.backstage import run
from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
# Another process than the server publishes, so at first it is not known whether calls were told.
WAITING = re.compile(r"Confirmed in 0 of 2 calls|pick it up within 6 seconds")
CONFIRMED = "Confirmed in 2 of 2 calls in progress, slowest 84 ms."
SENTENCE = ".va-sentence"
DESK = Look("en", 1280)


async def begin(site: Server) -> str:
    """A release that two calls have yet to confirm; its number."""
    return (await run(site, "begin_release(2)")).split()[-1]


async def answer(site: Server, release: str) -> None:
    await run(site, f"answer({release})")


def page(release: str) -> str:
    return f"/admin/prompts/release/{release}/"


async def test_the_page_is_well_made_and_renews_itself(window: Window, site: Server) -> None:
    release = await begin(site)
    await window.go(page(release))
    sentence = window.page.locator(SENTENCE)
    await window.is_well_made("release")
    await window.go("/admin/calls/call/live/")
    await window.is_well_made("live-with-calls")
    await window.go(page(release))
    await answer(site, release)
    await expect(sentence).to_contain_text("84")


async def test_saved_settings_say_what_becomes_of_them(window: Window, site: Server) -> None:
    await begin(site)
    await window.go("/admin/prompts/business/1/settings/")
    field = window.page.locator("#id_silence_duration_ms")
    await field.fill(str(int(await field.input_value()) + 10))
    await window.page.fill("#id_reason", "Slow speakers")
    await window.page.click(".submit-row input[type=submit]")
    await window.page.wait_for_url("**/admin/prompts/revision/*/")
    await expect(window.page.locator(SENTENCE)).to_be_visible()
    await window.is_well_made("change")


async def test_the_result_follows_the_person_until_it_was_seen(
    browser: Browser, site: Server, logged_in: Path
) -> None:
    release = await begin(site)
    async with Window.opened(browser, site.base_url, DESK, logged_in) as window:
        await window.go("/admin/")
        strip = window.page.get_by_label("What became of your changes")
        await expect(strip).to_contain_text(WAITING)
        await answer(site, release)
        await expect(strip).to_contain_text(CONFIRMED)
        await strip.get_by_role("link").first.click()
        await window.page.wait_for_url(f"**{page(release)}")
        await window.go("/admin/")
        await expect(strip).to_have_count(0)


async def test_a_server_that_does_not_answer_is_told_and_asked_again(
    browser: Browser, site: Server, logged_in: Path
) -> None:
    release = await begin(site)
    async with Window.opened(browser, site.base_url, DESK, logged_in) as window:
        await window.go(page(release))
        note = window.page.locator("[data-note]")
        look = window.page.get_by_role("link", name="Look again")
        await expect(look).to_be_hidden()
        await window.page.route("**/result/**", lambda route: route.abort())
        await expect(note).to_have_text("The server does not answer. Asking again soon.")
        await window.page.unroute("**/result/**")
        await expect(note).to_have_text("")
        await answer(site, release)
        await expect(window.page.locator(SENTENCE)).to_have_text(CONFIRMED)


async def test_whoever_is_logged_out_meanwhile_is_told(
    browser: Browser, site: Server, logged_in: Path
) -> None:
    release = await begin(site)
    async with Window.opened(browser, site.base_url, DESK, logged_in) as window:
        await window.go(page(release))
        await window.page.context.clear_cookies()
        note = window.page.locator("[data-note]")
        await expect(note).to_have_text("You are logged out. Load the page again to log in.")
        await expect(window.page.get_by_role("link", name="Look again")).to_be_visible()
    await answer(site, release)


async def test_without_scripts_the_link_looks_again(
    browser: Browser, site: Server, logged_in: Path
) -> None:
    release = await begin(site)
    context = await browser.new_context(java_script_enabled=False, storage_state=logged_in)
    plain = await context.new_page()
    await plain.goto(site.base_url + page(release))
    sentence = plain.locator(SENTENCE)
    await expect(sentence).to_have_text(WAITING)
    await answer(site, release)
    await plain.get_by_role("link", name="Look again").click()
    await expect(sentence).to_have_text(CONFIRMED)
    await context.close()
