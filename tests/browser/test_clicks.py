"""From the opened prompt to “confirmed” in four clicks, while a customer is on the line."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from calls.simulator.caller import SimulatedCaller
from tests.browser.backstage import run
from tests.browser.window import Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PROMPT = "/admin/prompts/business/1/prompt/inbound/"
AT_MOST = 4
CONFIRMED = {
    "en": re.compile(r"Confirmed in 1 of 1 call in progress, slowest \d+ ms\."),
    "he": re.compile(r"אושר ב־1 מתוך .* שמתנהלת, האיטית ביותר \d+ מילישניות\."),
}


@pytest_asyncio.fixture(loop_scope="session")
async def call(site: Server) -> AsyncIterator[SimulatedCaller]:
    """The only call in progress; the agent is heard."""
    await run(site, "begin_calls(0)")
    async with await SimulatedCaller.dial(site.base_url, 1) as on_the_line:
        await on_the_line.wait_for_audio()
        yield on_the_line


async def count_presses(page: Page) -> list[str]:
    """What is pressed from now on, on this page and on those that follow."""
    presses: list[str] = []
    await page.expose_function("pressed", lambda pressed: presses.append(pressed))
    await page.add_init_script(
        "addEventListener('pointerdown', (press) => pressed(press.target.outerHTML), true)"
    )
    return presses


async def test_from_the_prompt_to_confirmed(window: Window, call: SimulatedCaller) -> None:
    page, words = window.page, f"Today we close at noon. {window.look}"
    presses = await count_presses(page)
    await window.go(PROMPT)
    await page.click("#id_text")
    await page.keyboard.press("Control+End")
    await page.keyboard.insert_text(f"\n{words}")
    await page.click("#id_note")
    await page.keyboard.insert_text("A short day")
    await page.click("[name=then][value=review]")
    await expect(page.locator("ins", has_text=words)).to_be_visible()
    await page.click(".va-publish button.default")
    sentence = page.locator("[data-part=sentence]")
    await expect(sentence).to_have_text(CONFIRMED[window.look.language], timeout=20_000)
    assert 2 <= len(presses) <= AT_MOST, presses  # fewer were not counted
    await window.is_well_made("confirmed")
