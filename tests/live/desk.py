"""A person of the staff at the admin of a running server."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

LOGIN = "/admin/login/"
EACH = 1.0  # seconds, as the page's own script asks


@dataclass(frozen=True)
class Page:
    """What came back, and from where after all redirects."""

    path: str
    text: str

    @property
    def words(self) -> str:
        """What a person reads, with plain spaces."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.text).split())


class Desk:
    """Somebody who is logged in; the demo's superuser unless another is named."""

    def __init__(self, base_url: str, name: str = "demo", password: str = "demo") -> None:
        self.base_url = base_url
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.send(LOGIN, username=name, password=password, next="/admin/")

    def open(self, path: str) -> Page:
        """Open a page, named with or without the server."""
        return self._ask(path, None)

    def send(self, path: str, *, on: str = "", **fields: str) -> Page:
        """Send a form that stands on the page ``on``, or at its own address."""
        mark = re.search('csrfmiddlewaretoken" value="([^"]+)', self.open(on or path).text)
        assert mark, f"{on or path} has no form."
        form = {"csrfmiddlewaretoken": mark[1], **fields}
        return self._ask(path, urlencode(form).encode())

    async def until(
        self, path: str, probe: Callable[[Page], object], what: str, *, within: float = 10
    ) -> Page:
        """Ask as a page's script does until the answer is what is awaited."""
        deadline = time.monotonic() + within
        while not probe(page := await asyncio.to_thread(self.open, path)):
            assert time.monotonic() < deadline, f"Waited {within:g} s for {what}: {page.words}"
            await asyncio.sleep(EACH)
        return page

    def _ask(self, path: str, data: bytes | None) -> Page:
        url = self.base_url + path.removeprefix(self.base_url)
        with self._opener.open(url, data, timeout=20) as answer:
            return Page(answer.url.removeprefix(self.base_url), answer.read().decode())
