"""The outcome of a person's own releases, above every page of the admin until it was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from prompts.admin import rights
from prompts.admin.pages.versions import slot_title
from prompts.admin.window import Effect, look
from prompts.domain.roles import Right
from prompts.models import Release
from prompts.selectors import unseen_releases

from .titles import release_title, release_url, result_url

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the strip; its sentence is asked again until it is final."""

    title: str
    business: str
    place: str
    effect: Effect
    url: str
    poll_url: str


def show_everywhere(site: AdminSite) -> None:
    """Let every page of ``site`` find the results under ``unseen_results``; read when shown."""
    stock = site.each_context

    def each_context(request: HttpRequest) -> dict[str, Any]:
        return {**stock(request), "unseen_results": partial(unseen_results, request)}

    site.each_context = each_context  # type: ignore[method-assign]  # other sites keep the stock one


def unseen_results(request: HttpRequest) -> Sequence[Result]:
    """The newest few, of businesses that the person may still see; older ones follow when seen."""
    if not request.user.is_authenticated:  # at the login
        return ()
    releases = [one.release for one in unseen_releases(request.user)[:SHOWN]]
    return [_result(one) for one in releases if _may_see(request, one)]


def _may_see(request: HttpRequest, release: Release) -> bool:
    is_elsewhere = request.path != release_url(release.pk)
    return is_elsewhere and rights.may(request, release.prompt.business, Right.READ)


def _result(release: Release) -> Result:
    slot = release.prompt
    return Result(
        title=release_title(release),
        business=slot.business.name if slot.business else "",
        place=slot_title(slot),
        effect=look().effect_of_release(release),
        url=release_url(release.pk),
        poll_url=result_url(release.pk),
    )
