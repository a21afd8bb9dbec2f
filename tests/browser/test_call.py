"""The page of a call in a browser: what staff write there, and what they find by it."""

import asyncio

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import Window
from tests.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LIST = "/admin/calls/call/"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(site: Server) -> str:
    """The page of a call with notes and tags."""
    code = "from tests.browser import rows; rows.write_call()"
    told = await asyncio.to_thread(site.manage, "shell", "--no-imports", "-c", code)
    return f"{LIST}{told.split()[-1]}/change/"


async def test_what_staff_wrote_is_well_shown_and_what_was_typed_stays(
    window: Window, page: str
) -> None:
    await window.go(page)
    notes = window.page.locator("#notes")
    await window.page.locator("#note-1 summary").click()
    await expect(notes).to_contain_text("She waits for a refund.")
    await notes.locator(".va-write > summary").click()
    await window.is_well_made("call-notes")
    await window.page.fill("#id_text", "א" * 4001)
    await notes.locator("button.default").click()
    await expect(notes.locator(".errorlist")).to_be_visible()
    await expect(window.page.locator("#id_text")).to_have_value("א" * 4001)
    await window.is_well_made("call-note-wrong")
    await window.page.fill("#id_word", "one, two")
    await window.page.locator(".va-add button").click()
    await expect(window.page.locator("#id_word")).to_have_value("one, two")
    await window.is_well_made("call-tag-wrong")


async def test_a_note_is_corrected_and_removed_on_pages_of_their_own(
    window: Window, page: str
) -> None:
    await window.go(page.replace("change/", "notes/1/"))
    await expect(window.page.locator("#id_text")).to_have_value("The refund is paid.")
    await window.is_well_made("call-note-correct")
    await window.go(page.replace("change/", "notes/1/remove/"))
    await window.is_well_made("call-note-remove")


async def test_a_tag_is_added_leads_to_its_calls_and_is_taken_away(
    window: Window, page: str
) -> None:
    word = f"look {window.look}"
    await window.go(page)
    await window.page.fill("#id_word", f"  {word.upper()} ")
    await window.page.locator(".va-add button").click()
    tag = window.page.locator("#tags li", has_text=word.upper())
    await tag.locator(".va-tag").click()
    await window.page.wait_for_url("**/call/?tag=~*")
    await expect(window.page.locator(".va-cards tbody tr")).to_have_count(1)
    await window.is_well_made("calls-by-tag")
    await window.page.locator(".va-conditions a").click()
    await window.page.wait_for_url("**/call/?")
    await window.go(page)
    await tag.locator(".va-take").click()
    await expect(tag).to_have_count(0)
