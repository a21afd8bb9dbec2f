"""Every page that a person can open, found from the routes, and what is no page of its own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.walks.routes import FOR_STRANGERS, NEVER_OPEN, PARAMETER, Route, routes


class Who(StrEnum):
    """Whose window opens the page."""

    ALL = "may do all"
    VIEWER = "may only look"
    STRANGER = "is not logged in"


# Routes that answer with no page of their own, each with the reason.
NO_PAGES: Mapping[str, str] = {
    **dict.fromkeys(NEVER_OPEN, "opens for nobody"),
    "admin/jsi18n/": "words for scripts",
    "admin/prompts/auditentry/export/<str:ending>/": "a file",
    "admin/prompts/readentry/export/<str:ending>/": "a file",
    "admin/prompts/business/<int:pk>/prompt/<direction:direction>/draft/": "is only sent to",
    "admin/prompts/platform/<platform:direction>/draft/": "is only sent to",
    **dict.fromkeys(
        (
            "admin/prompts/business/<int:pk>/prompt/<direction:direction>/strip/",
            "admin/prompts/platform/<platform:direction>/strip/",
        ),
        "a part of a page, which it renews",
    ),
    "admin/prompts/release/<int:pk>/result/": "a part of a page, which it renews",
    "admin/prompts/revision/<int:pk>/result/": "a part of a page, which it renews",
    "admin/calls/call/<int:pk>/download/": "a file",
    "admin/calls/call/<int:pk>/send-again/": "is only sent to",
    "admin/calls/call/live/<int:pk>/send-again/": "is only sent to",
    "admin/calls/call/<int:pk>/notes/": "is only sent to",
    "admin/calls/call/<int:pk>/tags/": "is only sent to",
    "admin/calls/call/<int:pk>/tags/<int:tag_pk>/remove/": "is only sent to",
}
# These lead on to the page that changes the row.
LEADS_ON = re.compile(r"admin/\w+/\w+/<path:object_id>/(history/)?")
NEVER = "begins=2026-01-02T00:00&ends=2026-01-01T00:00"
# Pages that no route names by itself: other people's, wrong addresses, questions in an address.
MORE = {
    "not-allowed": ("/admin/prompts/business/{business}/people/invite/", Who.VIEWER, 403),
    "start-of-a-viewer": ("/admin/", Who.VIEWER, 200),
    "business-of-a-viewer": ("/admin/prompts/business/{business}/change/", Who.VIEWER, 200),
    "prompt-of-a-viewer": ("/admin/prompts/business/{business}/prompt/inbound/", Who.VIEWER, 200),
    "reset": ("{reset}", Who.STRANGER, 200),
    "reset-too-late": ("/admin/reset/MQ/set-password/", Who.STRANGER, 200),
    "audit-of-one": ("/admin/prompts/auditentry/?business=3", Who.ALL, 200),
    "audit-filter-wrong": (f"/admin/prompts/auditentry/?{NEVER}", Who.ALL, 200),
    "moment-in-hebrew": ("/admin/prompts/business/3/moment/", Who.ALL, 200),
    "preview-in-hebrew": ("/admin/prompts/business/3/prompt/inbound/preview/", Who.ALL, 200),
    "calls-found": ("/admin/calls/call/?business={business}", Who.ALL, 200),
}


@dataclass(frozen=True, slots=True)
class Things:
    """What the pages are opened with, as `everything` wrote it."""

    ids: Mapping[str, object]
    others: Mapping[str, Mapping[str, object]]
    links: Mapping[str, object]

    def address(self, route: Route) -> str:
        """Where the route leads for the row that has its page in the right state."""
        return route.address({**self.ids, **self.others.get(route.name, {})})


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, whose window opens it, and how it answers."""

    name: str
    who: Who = Who.ALL
    status: int = 200
    route: Route | None = None
    path: str = ""

    def __str__(self) -> str:
        return self.name

    def address(self, things: Things) -> str:
        """Where it is found."""
        return things.address(self.route) if self.route else self.path.format(**things.links)


def visits() -> Iterator[Visit]:
    """All of them; a route that is new is among them until it is said to be no page."""
    for route in {route.pattern: route for route in routes()}.values():  # one may hide another
        if _is_for_staff(route) and not _is_no_page(route):
            who = Who.STRANGER if route.pattern in FOR_STRANGERS else Who.ALL
            yield Visit(_name(route), who, route=route)
    for name, (path, who, status) in MORE.items():
        yield Visit(name, who, status, path=path)


def no_pages() -> list[Route]:
    """The routes of staff that are said to answer with no page of their own."""
    return [route for route in routes() if _is_for_staff(route) and _is_no_page(route)]


def _is_for_staff(route: Route) -> bool:
    return route.pattern.startswith("admin/") or route.pattern == "api/docs"


def _is_no_page(route: Route) -> bool:
    return route.pattern in NO_PAGES or bool(LEADS_ON.fullmatch(route.pattern))


def _name(route: Route) -> str:
    """The pattern as a name for a test and for a file."""
    plain = PARAMETER.sub("x", route.pattern.removeprefix("admin/"))
    return plain.strip("/").replace("/", "-") or "start"
