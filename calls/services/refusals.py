"""Refused webhooks, kept for the checklist."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from calls.models import WebhookRefusal

REFUSALS_PER_BUSINESS = 10
REFUSALS_IN_ALL = 1000


@transaction.atomic
def record_refusal(*, business_id: int | None, path: str, cause: str, at: datetime) -> None:
    """Keep a refused webhook for the checklist, and only the last few of each business."""
    row = WebhookRefusal.objects.create(
        business_id=business_id, path=path[:200], cause=cause, at=at
    )
    same = WebhookRefusal.objects.filter(business_id=business_id)
    kept = same.order_by("-id").values_list("id", flat=True)[:REFUSALS_PER_BUSINESS]
    oldest = min(kept)
    WebhookRefusal.objects.filter(
        Q(business_id=business_id, id__lt=oldest) | Q(id__lte=row.pk - REFUSALS_IN_ALL)
    ).delete()
