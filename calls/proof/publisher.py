"""What a script that publishes is told of the calls in progress."""

from dataclasses import replace
from time import sleep

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from calls import selectors
from calls.models import Receipt
from calls.models.choices import CallStatus
from calls.proof.announcements import is_untold
from calls.proof.arrivals import change_of_release, change_of_revision
from calls.proof.confirmations import confirmation
from prompts.domain.kinds import Channel, Direction
from prompts.models import Release, Revision

PAUSES = (0.05, 0.1, 0.15)  # seconds: the longest that an answer waits is their sum


def receipts_for_publisher(business_id: int, revision: int) -> list[dict[str, object]]:
    """What the API answers beside a publish: one entry for each direction that it moved.

    Where it moved none, the words were in force already: one entry for each direction.
    """
    _let_calls_go_first(business_id, revision)
    moved = Release.objects.filter(prompt__business=business_id, revision=revision)
    releases = moved.filter(prompt__channel=Channel.CALLS.value).select_related("prompt")
    return [_of_release(one) for one in releases.order_by("prompt__direction")] or [
        _of_revision(business_id, revision, direction) for direction in Direction
    ]


def _let_calls_go_first(business_id: int, revision: int) -> None:
    """Wait a moment for the calls in progress, so that the answer tells what they confirmed.

    To read the receipts of many calls takes time of the very process that brings them the words.
    """
    if is_untold(business_id, revision):
        return  # they find it by asking, in seconds
    calls = selectors.live_calls(timezone.now())
    talking = calls.filter(business=business_id, status=CallStatus.CONNECTED)
    told = Receipt.objects.filter(call=OuterRef("pk"), revision=revision)
    for pause in PAUSES:
        if not talking.exclude(Exists(told)).exists():
            return
        sleep(pause)


def _of_release(release: Release) -> dict[str, object]:
    """The same words as on the page of the release, and where that is."""
    found = confirmation(change_of_release(release), timezone.now())
    page = reverse("admin:prompts_release_page", args=[release.pk])
    return {
        "direction": release.prompt.direction,
        "page": f"{settings.PUBLIC_BASE_URL}{page}",
        **found.as_data(),
    }


def _of_revision(business_id: int, revision: int, direction: Direction) -> dict[str, object]:
    change = change_of_revision(Revision.objects.get(business=business_id, number=revision))
    found = confirmation(replace(change, directions=(direction,)), timezone.now())
    return {"direction": direction.value, **found.as_data()}
