"""The log of a call as it is stored: pages of entries, each with the hash of those before it.

A page is a few lines of JSON, one for each entry: its number in the call, the milliseconds since
the call began, the event and its facts. A page's hash covers the call's SID, the page's number,
its lines to the byte and the previous page's hash. So a changed, moved, missing or added page or
entry shows; only whoever rewrites all pages from there to the end of the call, past the triggers,
leaves a chain that is whole, and then the answers, the receipts and the texts still have to agree.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from msgspec import Struct

from calls.domain.entries import LOST, Entry
from prompts.domain.changes import FIRST, Link, link_hash

LONGEST_PAGE = 50  # entries
NEXT_LINE = "\n"


class Page(Struct, frozen=True):
    """Some entries that follow each other, ready to be stored."""

    number: int
    lines: str
    previous_hash: str
    hash: str


class Logged(Struct, frozen=True):
    """One entry as the log has it."""

    number: int
    ms: float
    event: str
    facts: Mapping[str, Any]  # Any: what JSON can hold


class Pages:
    """Puts the entries of one call on pages, in the order in which they come.

    A page is written when it is full, at the end, and with the first row that stands on one of its
    entries: a worker that dies may leave entries without their rows, never a row without them.
    """

    def __init__(self, call_sid: str, began: float) -> None:
        self._sid = call_sid
        self._began = began
        self._lines: list[dict[str, Any]] = []
        self._entries = self._pages = 0
        self._head = FIRST
        self._over = False

    def add(self, entry: Entry, now: float) -> Page | None:
        """Number an entry; gives the page when it is to be written. Nothing follows the end."""
        if self._over:
            return None
        self._entries += 1
        ms = round((now - self._began) * 1000, 1)
        line = {"n": self._entries, "ms": ms, "event": entry.event, **entry.facts}
        self._lines.append(line)
        self._over = entry.event == "end"
        return self.turn() if self._over or len(self._lines) >= LONGEST_PAGE else None

    def tell_of(self, response_id: str) -> bool:
        """Whether something of an answer stands on the page that was not written yet.

        The loss of a session is of all its answers.
        """
        return any(
            line.get("response") == response_id or line["event"] == LOST.event
            for line in self._lines
        )

    def turn(self) -> Page | None:
        """The page as it is, and begin the next; None when nothing stands on it."""
        if not self._lines:
            return None
        self._pages += 1
        lines = NEXT_LINE.join(orjson.dumps(line).decode() for line in self._lines)
        previous, self._head = (
            self._head,
            link_hash(content(self._sid, self._pages, lines), self._head),
        )
        self._lines = []
        return Page(self._pages, lines, previous, self._head)


def content(call_sid: str, number: int, lines: str) -> str:
    """What the hash of a page covers beside the previous hash."""
    return f"{call_sid} {number}\n{lines}"


def link(call_sid: str, page: Page) -> Link:
    """A page as a link of its chain."""
    return Link(
        page.number, content(call_sid, page.number, page.lines), page.previous_hash, page.hash
    )


def as_logged(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts as they come back from a log: identities and times are texts there."""
    found: Mapping[str, Any] = orjson.loads(orjson.dumps(facts))
    return found


def read(pages: Iterable[Page]) -> list[Logged]:
    """The entries of all pages; raises ValueError for a line that is none."""
    return [_entry(facts) for page in pages for facts in _parsed(page.lines)]


def _parsed(lines: str) -> list[Any]:
    """All lines of a page at once; within a line JSON has no line end."""
    found: list[Any] = orjson.loads(f"[{lines.replace(NEXT_LINE, ',')}]")
    return found


def _entry(facts: Any) -> Logged:
    try:
        return Logged(facts.pop("n"), facts.pop("ms"), facts.pop("event"), facts)
    except (AttributeError, KeyError, TypeError) as fault:
        raise ValueError("A line of a log is no entry.") from fault
