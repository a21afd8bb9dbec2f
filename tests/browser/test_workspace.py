"""Writing in the browser: nothing typed is lost, and publishing is two presses away."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from prompts.domain.scripts import estimate_tokens
from prompts.services.draft import LARGEST
from tests.browser.backstage import run
from tests.browser.window import Look, Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ON_A_DESK = pytest.mark.parametrize("look", [Look("en", 1280)], indirect=True, ids=str)
PROMPT = "/admin/prompts/business/2/prompt/outbound/"
AUTOSAVE = f"**{PROMPT}draft/"
SOON = 5_000  # milliseconds of typing that may be lost


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _no_draft_stays(window: Window) -> AsyncIterator[None]:
    """Drafts are the person's, and all tests are the same person."""
    yield
    await discard(window, PROMPT)


async def discard(window: Window, prompt: str) -> None:
    """Throw a draft away, where there is one."""
    page = await window.page.context.new_page()
    await page.goto(f"{window.base_url}{prompt}discard/")
    if "discard" in page.url:
        await press(page, "[data-forget]")


async def press(page: Page, button: str) -> None:
    """Press a button and wait for the page that it leads to."""
    async with page.expect_navigation():
        await page.click(button)


async def saved(page: Page) -> None:
    """Wait until the page says so."""
    await expect(page.locator("[data-status]")).to_have_text(
        re.compile(r"Saved \d\d:\d\d"), timeout=SOON
    )


async def another(window: Window) -> Page:
    """A second window of the same person."""
    page = await window.page.context.new_page()
    await page.goto(window.base_url + PROMPT)
    return page


@pytest.mark.parametrize("business", ["1", "3"])
async def test_the_pages_are_well_made(window: Window, business: str) -> None:
    there = f"/admin/prompts/business/{business}/prompt/inbound/"
    await window.go(there)
    async with window.page.expect_response("**/draft/"):
        await window.page.fill("#id_text", "One {{ nobody }}.\nשורה ועוד שורה\u202e")
    pages = {"prompt": "", "restore": "restore/1/"}
    for name in ("prompt", "review", "restore", "discard"):
        await window.go(there + pages.get(name, f"{name}/"))
        await window.is_well_made(f"workspace-{name}-{business}")
    await discard(window, there)
    await window.go(f"{there}preview/")
    await window.is_well_made(f"workspace-preview-{business}")


@ON_A_DESK
async def test_typing_is_saved_and_survives_a_closed_window(window: Window) -> None:
    await window.go(PROMPT)
    await window.page.fill("#id_text", "Typed and saved.")
    await saved(window.page)
    await expect(window.page.locator("#va-draft-state")).to_have_text(re.compile("Draft: "))
    page = await another(window)
    await expect(page.locator("#id_text")).to_have_value("Typed and saved.")


@pytest.mark.parametrize("look", [Look("en", 1280), Look("he", 390)], indirect=True, ids=str)
async def test_the_line_that_is_typed_is_seen_above_the_buttons(window: Window) -> None:
    page = window.page
    await window.go(PROMPT)
    await page.fill("#id_text", "One more line.\n" * 60)
    await page.evaluate("scrollTo(0, 0)")
    await page.click("#id_text", position={"x": 20, "y": 20})
    await page.keyboard.press("Control+End")
    await page.keyboard.type("The last line.")
    hidden = await page.evaluate("""() => {
        const end = (one) => document.querySelector(one).getBoundingClientRect();
        return end("#id_text").bottom - end(".va-actions").top;
    }""")
    assert hidden <= 0, f"{hidden} px of the text are behind the buttons."


@ON_A_DESK
async def test_letters_of_the_last_second_come_back_too(window: Window) -> None:
    page = await another(window)
    await page.fill("#id_text", "Typed, and closed at once.")
    await page.close()
    page = await another(window)
    await expect(page.locator("#id_text")).to_have_value("Typed, and closed at once.")
    await saved(page)


@ON_A_DESK
async def test_while_the_server_is_away_the_words_wait_in_the_browser(window: Window) -> None:
    async def fall(route: Route) -> None:
        await route.abort()

    page = window.page
    await page.route(AUTOSAVE, fall)
    await window.go(PROMPT)
    await page.fill("#id_text", "Typed while nobody answers.")
    status = page.locator("[data-status]")
    await expect(status).to_contain_text("Not saved: the server does not answer.", timeout=SOON)
    await page.reload()
    await expect(page.locator("#id_text")).to_have_value("Typed while nobody answers.")
    await page.unroute(AUTOSAVE)
    await saved(page)
    window.faults.clear()  # the browser complains of what was cut


@ON_A_DESK
async def test_after_a_login_in_another_window_one_goes_on_here(window: Window) -> None:
    page = window.page
    await window.go(PROMPT)
    await page.context.clear_cookies(name="sessionid")
    await page.fill("#id_text", "Typed while logged out.")
    status = page.locator("[data-status]")
    await expect(status).to_contain_text("you are logged out", timeout=SOON)
    elsewhere = Window(await page.context.new_page(), window.base_url, window.look)
    await elsewhere.log_in()
    await saved(page)
    await press(page, "text=Review & publish")
    await expect(page.locator("h1")).to_have_text("Review & publish")


@ON_A_DESK
async def test_a_refused_text_waits_in_the_browser_too(window: Window) -> None:
    page = window.page
    await window.go(PROMPT)
    await page.fill("#id_text", "word " * (LARGEST // 5) + "too much")
    await press(page, "[value=stay]")
    await expect(page.locator(".errorlist")).to_be_visible()
    await page.close()
    page = await another(window)
    await expect(page.locator("#id_text")).to_have_value(re.compile("too much$"))
    window.faults.clear()  # the refused save is a 422
    await page.evaluate("localStorage.clear()")


@ON_A_DESK
async def test_words_of_one_person_are_not_offered_to_another(window: Window, site: Server) -> None:
    page = window.page
    await run(site, "let_in('second')")
    await page.route(AUTOSAVE, lambda route: route.abort())
    await window.go(PROMPT)
    await page.fill("#id_text", "Words of the first.")
    status = page.locator("[data-status]")
    await expect(status).to_contain_text("Not saved", timeout=SOON)
    await window.change_person("second")
    await window.go(PROMPT)
    await expect(page.locator("[data-tokens]")).not_to_be_empty()  # the scripts have run
    await expect(page.locator("#id_text")).not_to_have_value("Words of the first.")
    await window.change_person("demo", "demo")
    await window.go(PROMPT)
    await expect(page.locator("#id_text")).to_have_value("Words of the first.")
    window.faults.clear()  # the browser complains of what was cut


@ON_A_DESK
async def test_two_windows_lose_nothing(window: Window) -> None:
    await window.go(PROMPT)
    desktop, phone = window.page, await another(window)
    await phone.fill("#id_text", "From the phone.")
    await saved(phone)
    await desktop.fill("#id_text", "From the desktop.")
    status = desktop.locator("[data-status]")
    await expect(status).to_contain_text("You changed this draft in another window", timeout=SOON)
    await press(desktop, "[data-status] button")
    await expect(desktop.locator("#va-mine-text")).to_have_value("From the desktop.")
    await expect(desktop.locator("#va-theirs-text")).to_have_value("From the phone.")
    await window.is_well_made("workspace-conflict")
    await press(desktop, "text=Keep mine")
    await expect(desktop.locator("#id_text")).to_have_value("From the desktop.")
    window.faults.clear()  # the refused save is a 409


@ON_A_DESK
async def test_placeholders_sizes_and_sides_follow_the_hand(window: Window) -> None:
    await window.go(PROMPT)
    page = window.page
    text = page.locator("#id_text")
    await text.fill("שלום לכולם, this is ")
    await page.click("[data-insert='{{ business_name }}']")
    await expect(text).to_have_value("שלום לכולם, this is {{ business_name }}")
    words = await text.input_value()
    await expect(page.locator("[data-characters]")).to_have_text(str(len(words)))
    await expect(page.locator("[data-tokens]")).to_have_text(str(estimate_tokens(words)))
    side = await text.get_attribute("dir")
    await page.click("[data-turn]")
    await expect(text).not_to_have_attribute("dir", side or "")
    await page.reload()
    await expect(text).not_to_have_attribute("dir", side or "")
    await page.click("[data-turn]")


@ON_A_DESK
async def test_a_finding_is_shown_in_its_place_and_mended(window: Window) -> None:
    await window.go(PROMPT)
    page = window.page
    await page.fill("#id_text", "One.\nTwo {{ busines_name }} three.")
    await page.click("[data-show]")
    chosen = await page.evaluate("getSelection().toString()")
    assert chosen == "{{ busines_name }}"
    await press(page, "[name=repair]")
    await expect(page.locator("#id_text")).to_have_value("One.\nTwo {{ business_name }} three.")


@ON_A_DESK
async def test_publishing_is_two_presses_away(window: Window) -> None:
    page = window.page
    await window.go(PROMPT)
    await page.fill("#id_text", "You call for {{ business_name }}. Be brief.")
    await page.fill("#id_note", "First prompt for our calls")
    await press(page, "text=Review & publish")
    await press(page, "text=Publish the first version")
    await expect(page.locator("[data-part=sentence]")).to_contain_text("Live now.")


@ON_A_DESK
async def test_an_open_page_learns_what_another_window_published(window: Window) -> None:
    await window.go(PROMPT)
    live = window.page.locator("[data-part=live]")
    before = await live.inner_text()
    colleague = await another(window)
    await colleague.fill("#id_text", "You call for {{ business_name }}. Be kind.")
    await colleague.fill("#id_note", "Kinder")
    await press(colleague, "text=Review & publish")
    await press(colleague, ".va-publish [type=submit]")
    await expect(live).not_to_have_text(before, timeout=2 * SOON)  # it asks every five seconds
