"""Every page that staff open, in both languages, on a phone and on a desk."""

import pytest

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEVER = "begins=2026-01-02T00:00&ends=2026-01-01T00:00"
PAGES = {
    "index": "/admin/",
    "businesses": "/admin/prompts/business/",
    "business": "/admin/prompts/business/1/change/",
    "calls": "/admin/calls/call/",
    "live": "/admin/calls/call/live/",
    "audit": "/admin/prompts/auditentry/",
    "audit-of-one": "/admin/prompts/auditentry/?business=3&begins=2026-01-01T00:00",
    "audit-filter-wrong": f"/admin/prompts/auditentry/?{NEVER}",
    "moment": "/admin/prompts/business/3/moment/",
    "reads": "/admin/prompts/readentry/",
    "people": "/admin/prompts/business/1/people/",
    "invite": "/admin/prompts/business/1/people/invite/",
    "accounts": "/admin/auth/user/",
    "account": "/admin/auth/user/1/change/",
    "own-password": "/admin/password_change/",
    "forgotten-password": "/admin/password_reset/",
    "tokens": "/admin/prompts/apitoken/",
    "interface": "/api/docs",
}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_well_made(window: Window, name: str) -> None:
    await window.go(PAGES[name])
    await window.is_well_made(name)
