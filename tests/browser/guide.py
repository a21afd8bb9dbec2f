"""Makes the pictures of the guide (`make guide`): a change while a customer is on the line.

No part of the test suite, because people look at pictures before they are committed.
"""

import pytest
from playwright.async_api import Browser, FloatRect, expect

from calls.simulator.caller import SimulatedCaller
from calls.simulator.telephone.timeline import Kind
from tests.browser import rows
from tests.browser.backstage import run
from tests.browser.pictures import FOLDER, LARGEST, NAMES
from tests.browser.test_workspace import press, saved
from tests.browser.window import DESK, HEIGHT, Look, Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
DENTAL = "/admin/prompts/business/1/prompt/inbound/"
GARAGE = "/admin/prompts/business/3/prompt/inbound/"
PUBLISH = ".va-publish button.default"
QUESTION, SECOND_QUESTION = "What does a first visit cost?", "Is that the price in December, too?"
LINES = {
    2: QUESTION,
    3: "A first visit with check-up and cleaning costs ninety-five dollars without insurance.",
    4: SECOND_QUESTION,
    5: "In December it is one hundred and ten dollars.",
}


async def test_the_pictures_of_the_guide(browser: Browser, site: Server) -> None:
    await run(site, "let_staff_in()")
    FOLDER.mkdir(exist_ok=True)
    async with Window.opened(browser, site.base_url, Look("en", DESK)) as window:
        await window.log_in(rows.WRITER, "secret")
        await rewrite(window, DENTAL, ("eight to two", "eight to one"), "Shorter Fridays in winter")
        await press(window.page, PUBLISH)
        async with await SimulatedCaller.dial(site.base_url, 1) as call:
            await call.wait_for_audio()
            await call.wait_for_silence()
            await converse(call, QUESTION)
            await change_the_price(window)
            await window.go(f"{DENTAL}take-back/")
            await picture(window, "take-back")
            await converse(call, SECOND_QUESTION)
        assert not window.faults, window.faults
    async with Window.opened(browser, site.base_url, Look("he", DESK)) as window:
        await window.log_in(rows.WRITER, "secret")
        offer = ("שלוש מאות ותשעים שקלים", "ארבע מאות ועשרים שקלים")
        await rewrite(window, GARAGE, offer, "מחיר חדש להכנה לטסט")
        await picture(window, "review-in-hebrew")
        assert not window.faults, window.faults
    async with Window.opened(browser, site.base_url, Look("en", DESK)) as window:
        page = (await run(site, f"reword({call.call_sid!r}, {LINES!r})")).split()[-1]
        await window.log_in(rows.SUPPORT, "secret")
        await window.go(page)
        await picture(window, "call", "div:has(> .va-lines)")
        assert not window.faults, window.faults
    assert {file.stem for file in FOLDER.iterdir()} == set(NAMES)


async def change_the_price(window: Window) -> None:
    """From the editor to “confirmed”."""
    price = ("costs ninety-five dollars", "costs one hundred and ten dollars")
    await rewrite(window, DENTAL, price, "New price from December on", "workspace")
    await picture(window, "review")
    await press(window.page, PUBLISH)
    sentence = window.page.locator("[data-part=sentence]")
    await expect(sentence).to_contain_text("Confirmed in 1 of 1", timeout=20_000)
    await picture(window, "confirmed")


async def rewrite(
    window: Window, prompt: str, change: tuple[str, str], why: str, name: str = ""
) -> None:
    """Change some words of a prompt, and go on to the review."""
    await window.go(prompt)
    text = window.page.locator("#id_text")
    before = await text.input_value()
    assert change[0] in before
    await text.fill(before.replace(*change))
    await window.page.fill("#id_note", why)
    if name:
        await saved(window.page)
        await picture(window, name)
    await press(window.page, "[name=then][value=review]")


async def converse(call: SimulatedCaller, words: str) -> None:
    """Ask, and hear the answer out."""
    answers = len(call.timeline.of(Kind.AGENT_QUIET))
    await call.say(words)
    await call.until(lambda call: len(call.timeline.of(Kind.AGENT_QUIET)) > answers, within=30)


async def picture(window: Window, name: str, start: str = "#content") -> None:
    """What a screen shows from there on, without the menu."""
    file, page = FOLDER / f"{name}.png", window.page
    await page.evaluate("document.querySelectorAll('textarea').forEach(one => one.scrollTo(0, 0))")
    await page.locator(start).evaluate(
        "one => { document.activeElement.blur(); one.scrollIntoView() }"
    )
    content = await page.locator("#content").bounding_box()
    first = await page.locator(start).bounding_box()
    assert content
    assert first
    end = min(content["y"] + content["height"], HEIGHT)
    clip = FloatRect(x=content["x"], y=first["y"], width=content["width"], height=end - first["y"])
    await page.screenshot(path=file, clip=clip)
    assert file.stat().st_size <= LARGEST, f"{file.name}: {file.stat().st_size} bytes"
