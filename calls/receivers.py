"""What calls do when prompts change: tell every worker, and forget a caller who is forgotten."""

from datetime import datetime

from asgiref.sync import async_to_sync
from django.dispatch import receiver
from django.utils.translation import ngettext

from calls.groups import Changed, announce
from calls.proof.announcements import announced, not_announced
from calls.selectors import calls_with
from calls.services.erasure import erase_context, erase_notes
from prompts.signals import caller_forgotten, instructions_changed


@receiver(instructions_changed)
def tell_every_worker(*, business_id: int | None, revision: int, **kwargs: object) -> None:
    """Send the group message; a layer that is away is made good by the reconcile query."""
    try:
        async_to_sync(announce)(Changed(business_id, revision))
    except Exception as error:  # noqa: BLE001 - whatever a layer raises must not reach the publisher
        not_announced(business_id, revision, error)
    else:
        announced(business_id, revision)


@receiver(caller_forgotten)
def forget_the_caller(
    *, business_id: int, number: str, erased_by: str, at: datetime, **kwargs: object
) -> list[str]:
    """Erase what the instructions of this caller's calls, and staff's notes, said of the caller."""
    calls = calls_with(business_id, number)
    calls.update(forgotten_at=at, forgotten_by=erased_by)  # locks them until all of it is done
    texts = sum(erase_context(call=call, erased_by=erased_by, at=at) for call in calls)
    notes, tags = erase_notes(calls=calls, erased_by=erased_by, at=at)
    parts = (
        (
            texts,
            ngettext("%(count)d text about the caller", "%(count)d texts about the caller", texts),
        ),
        (notes, ngettext("%(count)d note", "%(count)d notes", notes)),
        (tags, ngettext("%(count)d tag", "%(count)d tags", tags)),
    )
    return [words % {"count": count} for count, words in parts if count]
