"""Erasing what was personal in the instructions of a call; its hash and its name stay."""

from datetime import datetime

from calls.domain.pages import read
from calls.models import Call, ComposedText, ContextText
from prompts.domain.kinds import Layer


def erase_context(*, call: Call, erased_by: str, at: datetime) -> int:
    """Erase the context texts that this call's sessions were sent; answers how many went.

    A call that was sent the very same context loses it as well. Verification says from then on
    when and by whom it was erased, where it could not be rebuilt.
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
    left = ContextText.objects.filter(pk__in=contexts, erased_at__isnull=True)
    return left.update(text="", erased_at=at, erased_by=erased_by)
