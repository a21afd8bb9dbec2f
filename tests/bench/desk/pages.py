"""Opens staff's pages as a browser does, and tells how long each took to come."""

import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from urllib.parse import urlencode

PAGES = {
    "Businesses": "/admin/prompts/business/",
    "A business": "/admin/prompts/business/4/change/",
    "Its prompt, with 125 versions": "/admin/prompts/business/4/prompt/inbound/",
    "Audit": "/admin/prompts/auditentry/",
    "Audit, its last page": "/admin/prompts/auditentry/?p=1000",
    "Audit, by words of a reason": "/admin/prompts/auditentry/?q=Reason+77",
    "Calls": "/admin/calls/call/",
    "Calls of a business": "/admin/calls/call/?business=4&direction=inbound",
    "Calls by the end of a number": "/admin/calls/call/?number=1234",
    "Calls by words said": "/admin/calls/call/?words=Sunday",
    "Calls by a tag": "/admin/calls/call/?tag=Complaint",
    "Calls of a business by a tag": "/admin/calls/call/?business=4&tag=Complaint",
    "Calls under a version": "/admin/calls/call/?business=4&version=2",
    "Calls that spoke while unconfirmed": "/admin/calls/call/?unconfirmed=on",
    "Calls in progress": "/admin/calls/call/live/",
}


class Desk:
    """Somebody of our staff, logged in."""

    def __init__(self, base_url: str) -> None:
        """Come in by the front door."""
        self._base_url = base_url
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self._open("/admin/login/")
        token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")
        form = {"username": "demo", "password": "demo", "csrfmiddlewaretoken": token}
        self._open("/admin/login/?next=/healthz", urlencode(form).encode())

    def _open(self, path: str, form: bytes | None = None) -> bytes:
        request = urllib.request.Request(
            self._base_url + path, form, {"Referer": self._base_url + path}
        )
        with self._opener.open(request, timeout=60) as answer:
            body: bytes = answer.read()
        return body

    def seconds(self, path: str) -> float:
        """How long a page takes, to its last byte."""
        began = time.perf_counter()
        self._open(path)
        return time.perf_counter() - began


def measure(base_url: str, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Each page with its times in seconds; one more opening goes before and does not count."""
    desk = Desk(base_url)
    for name, path in PAGES.items():
        desk.seconds(path)
        yield name, [desk.seconds(path) for _ in range(rounds)]
