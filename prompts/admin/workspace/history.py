"""The history of a prompt beside its editor: who, when and why, and for how many calls.

Between a business's own versions stand the releases of the platform that its calls got.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.utils.text import capfirst

from prompts.admin import rights
from prompts.admin.outcomes.titles import release_title, release_url
from prompts.admin.pages.versions import slot_title
from prompts.admin.window import look
from prompts.domain.roles import Right
from prompts.models import PromptVersion, Release
from prompts.selectors import platform_releases_of

from .bench import Bench

PER_PAGE = 25
TEXTS_OF_BOTH = (
    *("from_version__text", "from_version__greeting"),
    *("to_version__text", "to_version__greeting"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One version in the list."""

    is_shared: ClassVar = False
    version: PromptVersion  # with its newest `release`, and who published it first
    when: str
    is_live: bool
    calls: int | None  # None where they are of many businesses
    spoken_url: str
    restore_url: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A release of the platform, which changed these calls too."""

    is_shared: ClassVar = True
    release: Release
    place: str
    title: str
    when: str
    url: str  # empty for whoever may not see the platform's pages


@dataclass(frozen=True, slots=True)
class History:
    """One page of it, the newest first."""

    rows: Sequence[Row | Shared]
    page: "Page[dict[str, Any]]"

    @property
    def pages(self) -> Iterator[int | str]:
        """The numbers of the pages, those far from this one left out."""
        return self.page.paginator.get_elided_page_range(self.page.number)

    @property
    def gap(self) -> str:
        """What stands where numbers are left out."""
        return str(Paginator.ELLIPSIS)


def history(request: HttpRequest, bench: Bench) -> History:
    """A page of versions and releases, in as many queries for a long one as for a short one."""
    page = Paginator(_keys(bench), PER_PAGE).get_page(request.GET.get("p"))
    versions = _versions([key["pk"] for key in page if not key["is_shared"]])
    releases = _releases([key["pk"] for key in page if key["is_shared"]])
    served = _served(bench, [version.number for version in versions.values()])
    rows = [
        _shared(request, bench, releases[key["pk"]])
        if key["is_shared"]
        else _row(bench, versions[key["pk"]], served)
        for key in page
    ]
    return History(rows, page)


def _keys(bench: Bench) -> QuerySet[Any, dict[str, Any]]:
    """What the list is made of, in its order: versions, and releases of the platform."""
    own = PromptVersion.objects.filter(prompt=bench.slot)
    calls = bench.place.calls
    shared = platform_releases_of(calls.business, calls.direction) if calls else None
    keys = _named(own, is_shared=False)
    if shared is not None:
        keys = keys.union(_named(shared, is_shared=True), all=True)
    return keys.order_by("-created_at", "-pk")


def _named(rows: QuerySet[Any], *, is_shared: bool) -> QuerySet[Any, dict[str, Any]]:
    mark = Value(is_shared, output_field=BooleanField())
    return rows.order_by().values("created_at", "pk", is_shared=mark)


def _versions(keys: Sequence[int]) -> Mapping[int, PromptVersion]:
    """The versions without their texts; one that came with an upgrade was published by another."""
    moves = Release.objects.filter(to_version=OuterRef("pk"))
    first = moves.order_by("pk")
    rows: QuerySet[PromptVersion] = PromptVersion.objects.defer("text", "greeting").annotate(
        release=Subquery(moves.order_by("-pk").values("pk")[:1]),
        published_by=Subquery(first.values("actor_name")[:1]),
        published_why=Subquery(first.values("reason")[:1]),
    )
    return rows.in_bulk(list(keys))


def _releases(keys: Sequence[int]) -> Mapping[int, Release]:
    rows = Release.objects.select_related("prompt", "from_version", "to_version")
    return rows.defer(*TEXTS_OF_BOTH).in_bulk(list(keys))


def _row(bench: Bench, version: PromptVersion, served: Mapping[int, int] | None) -> Row:
    place, is_live = bench.place, version == bench.live
    can_come_back = bench.may_draft and not is_live
    return Row(
        version=version,
        when=place.told(version.created_at),
        is_live=is_live,
        calls=None if served is None else served.get(version.number, 0),
        spoken_url="" if served is None else look().spoken_page(version.pk),
        restore_url=place.address("restore", version.number) if can_come_back else "",
    )


def _shared(request: HttpRequest, bench: Bench, release: Release) -> Shared:
    return Shared(
        release=release,
        place=capfirst(slot_title(release.prompt)),
        title=release_title(release),
        when=bench.place.told(release.created_at),
        url=release_url(release.pk) if rights.may(request, None, Right.READ) else "",
    )


def _served(bench: Bench, numbers: Sequence[int]) -> Mapping[int, int] | None:
    """How many calls stood under each version, where they are one business's."""
    calls = bench.place.calls
    if calls is None:
        return None
    return look().calls_served(calls.business.pk, calls.direction, numbers)
