"""Erasing what calls keep of a caller beside the transcript; names and hashes stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from calls.domain.pages import read
from calls.models import Call, CallTag, ComposedText, ContextText, Note
from prompts.domain.kinds import Layer

from .tags import forget_unused


def erase_context(*, call: Call, erased_by: str, at: datetime) -> int:
    """Erase the context texts that this call's sessions were sent; answers how many went.

    One that tells of nobody stays: calls that began in the same minute share it. One that does is
    gone also for a call of another number that was sent the very same. Verification says from
    then on when and by whom it was erased, where it could not be rebuilt.
    """
    entries = read(row.page for row in call.pages.order_by("number"))
    sent = {entry.facts["fingerprint"] for entry in entries if entry.event == "session.update"}
    # What came back instead of ours may say of the caller what we had said.
    sent |= {entry.facts["received"] for entry in entries if entry.event == "session.updated"}
    contexts = {
        name
        for layers in ComposedText.objects.filter(pk__in=sent).values_list("layers", flat=True)
        for layer, name in layers
        if layer == Layer.CONTEXT
    }
    left = ContextText.objects.filter(pk__in=contexts, is_personal=True, erased_at__isnull=True)
    return left.update(text="", erased_at=at, erased_by=erased_by)


@transaction.atomic
def erase_the_rest(call_id: int) -> None:
    """Erase what was still on its way to the database when the caller of a call was forgotten.

    Run once nothing more comes. The row is locked before it is looked at, as forgetting locks it:
    so either we see that the caller was forgotten, or forgetting sees all that was written.
    """
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    if call is not None and call.forgotten_at is not None:
        erase_context(call=call, erased_by=call.forgotten_by, at=call.forgotten_at)


def erase_notes(*, calls: QuerySet[Call], erased_by: str, at: datetime) -> tuple[int, int]:
    """Erase what staff wrote at these calls; answers how many notes and how many tags went.

    The row of the business is locked, as for every change of notes and tags.
    """
    left = Note.objects.filter(call__in=calls, erased_at__isnull=True)
    notes = left.order_by().values("call", "number").distinct().count()
    left.update(text="", salt="", erased_at=at, erased_by=erased_by)
    marks = CallTag.objects.filter(call__in=calls)
    tags = list(marks.values_list("tag", flat=True).distinct())
    taken, _by_table = marks.delete()
    forget_unused(tags)
    return notes, taken
