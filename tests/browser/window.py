"""A browser window as a person of our staff has it, and what may not happen in it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Response

from tests.settings import ROOT

PICTURES = ROOT / "var" / "screenshots"
GRAVE = {"serious", "critical"}
PHONE, DESK, HEIGHT = 390, 1280, 844
# axe would fetch every style sheet again, and those that they import from a wrong address.
AXE = {"resultTypes": ["violations"], "preload": False}
# Short values that hug the far side of their column, because their own direction is another.
ASTRAY = """() => [...document.querySelectorAll("td[dir=auto], .va-history-why")]
    .filter((one) => {
        const { direction, textAlign } = getComputedStyle(one);
        const begins = direction === "rtl" ? "right" : "left";
        const side = textAlign === "start" ? begins : textAlign;
        return side !== (document.dir === "rtl" ? "right" : "left");
    })
    .map((one) => one.outerHTML.slice(0, 120))"""
MISSED = "Failed to load resource"  # said with its address by the answer itself


@dataclass(frozen=True, slots=True)
class Look:
    """A language and the width of a screen in CSS pixels."""

    language: str
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{self.width}"


@dataclass
class Window:
    """One person's window; collects what the browser complains about."""

    page: Page
    base_url: str
    look: Look
    faults: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, browser: Browser, base_url: str, look: Look, cookies: Path | None = None
    ) -> AsyncIterator[Self]:
        """A window that shares nothing with others, or begins with the cookies of a file."""
        context = await browser.new_context(
            locale=look.language,
            viewport={"width": look.width, "height": HEIGHT},
            storage_state=cookies,
        )
        window = cls(await context.new_page(), base_url, look)
        window.page.on("console", window._note)
        window.page.on("response", window._look_at)
        window.page.on("pageerror", lambda error: window.faults.append(str(error)))
        try:
            yield window
        finally:
            await context.close()

    def _look_at(self, answer: Response) -> None:
        if answer.status >= 400:
            self.faults.append(f"{answer.status}: {answer.url}")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(MISSED):
            self.faults.append(f"{message.type}: {message.text}")

    async def log_in(self, name: str = "demo", password: str = "demo") -> None:
        """Enter by the page that everybody enters by."""
        await self.go("/admin/login/")
        await self.send_login(name, password)
        await self.page.wait_for_url("**/admin/")

    async def send_login(self, name: str, password: str) -> None:
        """Fill in the form that is shown, and send it."""
        await self.page.fill("#id_username", name)
        await self.page.fill("#id_password", password)
        async with self.page.expect_navigation():
            await self.page.click("#login-form [type=submit]")

    async def change_person(self, name: str, password: str = "secret") -> None:
        """Let somebody else log in on this machine."""
        await self.page.context.clear_cookies(name="sessionid")
        await self.log_in(name, password)

    async def keep_cookies(self, file: Path) -> None:
        """Leave the cookies for windows that are to begin where this one is."""
        await self.page.context.storage_state(path=file)

    async def go(self, path: str, status: int = 200) -> None:
        """Open a page of ours, which may be the answer to a wrong address."""
        answer = await self.page.goto(self.base_url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        if status >= 400:
            self.faults.remove(f"{status}: {answer.url}")

    async def is_well_made(self, name: str) -> None:
        """No sideways scroll, nothing grave for people who use other means; leaves a picture."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}-{self.look}.png", full_page=True)
        overhang = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overhang <= 0, f"{name} is {overhang} px wider than the screen."
        direction = await self.page.evaluate("getComputedStyle(document.body).direction")
        assert direction == ("rtl" if self.look.language == "he" else "ltr")
        astray = await self.page.evaluate(ASTRAY)
        assert not astray, f"{name} sets values apart from their column:\n" + "\n".join(astray)
        barriers = await self._barriers()
        assert not barriers, f"{name} keeps people out:\n" + "\n".join(barriers)

    async def is_well_made_everywhere(self, name: str) -> None:
        """On a phone and on a desk, without loading it again, and without a fault."""
        for width in (PHONE, DESK):
            self.look = replace(self.look, width=width)
            await self.page.set_viewport_size({"width": width, "height": HEIGHT})
            await self.is_well_made(name)
        assert not self.faults, self.faults

    async def _barriers(self) -> list[str]:
        """Findings of axe-core that keep somebody out."""
        results = await Axe().run(self.page, options=AXE)
        return [
            f"{found['id']}: {found['help']} ({node['html'][:120]})"
            for found in results.response["violations"]
            if found["impact"] in GRAVE
            for node in found["nodes"][:3]
        ]

    async def text(self) -> str:
        """All words that are seen, with plain spaces."""
        return re.sub(r"\s+", " ", await self.page.inner_text("body"))
