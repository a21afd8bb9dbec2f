"""The page of a release, kept for ever: who moved which slot and why, and what became of it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from prompts.admin import rights
from prompts.admin.pages.page import show
from prompts.admin.pages.versions import can_be_taken_back, slot_title, way_to_slot
from prompts.admin.places.finding import place_of
from prompts.admin.window import Effect, look
from prompts.domain.kinds import Channel
from prompts.domain.roles import Right
from prompts.models import PromptVersion, Release, Revision
from prompts.services.unseen import mark_seen

from .effects import answer, poll_url, shown
from .titles import release_title, release_url, result_url

SEEN = "seen"  # in the address: somebody has the page before them


def release_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a release; without a script the page is asked again by its link."""
    release = _find(request, pk)
    slot, place = release.prompt, place_of(release.prompt)
    newest = slot.releases.select_related("to_version").first()
    spoken_under = _spoken_under(release)
    return show(
        request,
        "admin/prompts/outcomes/release.html",
        title=release_title(release),
        crumbs=way_to_slot(slot),
        business=slot.business,
        release=release,
        slot_title=slot_title(slot),
        slot_url=place.address(),
        businesses=_businesses(release) if slot.business is None else None,
        newest=newest,
        is_newest=newest == release,
        take_back_url=_take_back_url(request, release, newest),
        spoken_under=spoken_under,
        spoken_url=look().spoken_page(spoken_under.pk) if spoken_under else "",
        poll_url=poll_url(request, result_url(pk), SEEN),
        **shown(request, _look_at(request, release), slot.business),
    )


def release_result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it alone, for the script that asks each second; ``seen`` on the page."""
    release = _find(request, pk)
    is_seen = SEEN in request.GET
    effect = _look_at(request, release) if is_seen else look().effect_of_release(release)
    return answer(request, effect, release.prompt.business)


def land_on(release: Release) -> HttpResponse:
    """Where a person goes who has just moved a slot."""
    return HttpResponseRedirect(release_url(release.pk))


def _find(request: HttpRequest, pk: int) -> Release:
    """The release, for whoever may see its slot; one that no call hears has no page."""
    rows = Release.objects.filter(prompt__channel=Channel.CALLS.value).select_related(
        "prompt__business", "prompt__current", "from_version", "to_version"
    )
    release = get_object_or_404(rows, pk=pk)
    place_of(release.prompt).require(request, Right.READ)
    return release


def _look_at(request: HttpRequest, release: Release) -> Effect:
    """What became of it, before somebody's eyes: once final it is no news any more."""
    effect = look().effect_of_release(release)
    if effect.is_final:
        mark_seen(release=release, person=rights.person(request))
    return effect


def _spoken_under(release: Release) -> PromptVersion | None:
    """The version whose answers are asked about: the one that is gone, else the one that came."""
    if release.prompt.business_id is None:
        return None
    return release.from_version if release.kind == Release.Kind.TAKE_BACK else release.to_version


def _businesses(release: Release) -> int:
    """How many businesses' calls a release of the platform was for."""
    raised = Revision.objects.filter(platform_revision=release.revision)
    return raised.filter(business__isnull=False).count()


def _take_back_url(request: HttpRequest, release: Release, newest: Release | None) -> str:
    """Where the newest release can be taken back; empty where it cannot."""
    place = place_of(release.prompt)
    may = newest == release and place.may(request, Right.PUBLISH)
    return place.address("take_back") if may and can_be_taken_back(release.prompt) else ""
