"""The versions of a prompt beside its editor: who, when, why, and how many calls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from prompts.admin.pages.versions import version_page
from prompts.admin.window import look
from prompts.models import PromptVersion

from .bench import Bench


@dataclass(frozen=True, slots=True)
class Row:
    """One version in the list."""

    version: PromptVersion
    when: str
    is_live: bool
    calls: int | None  # None where they are of many businesses
    spoken_url: str
    restore_url: str


@dataclass(frozen=True, slots=True)
class History:
    """One page of the versions, the newest first."""

    rows: Sequence[Row]
    page: "Page[PromptVersion]"

    @property
    def pages(self) -> Iterator[int | str]:
        """The numbers of the pages, those far from this one left out."""
        return self.page.paginator.get_elided_page_range(self.page.number)

    @property
    def gap(self) -> str:
        """What stands where numbers are left out."""
        return str(Paginator.ELLIPSIS)


def history(request: HttpRequest, bench: Bench) -> History:
    """The versions of this prompt, with the calls that each has served."""
    page = version_page(request, bench.slot)
    served = _served(bench, [version.number for version in page])
    return History([_row(bench, version, served) for version in page], page)


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


def _served(bench: Bench, numbers: Sequence[int]) -> Mapping[int, int] | None:
    """How many calls began under each version, where they are one business's."""
    calls = bench.place.calls
    if calls is None:
        return None
    return look().calls_served(calls.business.pk, calls.direction, numbers)
