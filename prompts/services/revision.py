"""The clock of freshness: the row locks that order changes, and the only writer of revisions."""

from django.db.models import F
from django.utils import timezone

from prompts.models import Business, Platform, Revision


def lock_business(business: Business) -> Business:
    """The business as it stands now, held until the transaction ends.

    The lock leaves calls free to name the business meanwhile; SQLite's transactions hold the
    whole database from their first statement and need none.
    """
    return Business.objects.select_for_update(no_key=True).get(pk=business.pk)


def lock_platform() -> Platform:
    """The platform's row, held until the transaction ends; always taken before any business."""
    return Platform.objects.select_for_update(no_key=True).get(pk=1)


def lock_owner(business: Business | None) -> Business | Platform:
    """A business, or without one the platform, held until the transaction ends."""
    return lock_business(business) if business else lock_platform()


def raise_revision(owner: Business | Platform, cause: str) -> int:
    """Count one more change of a locked owner; the platform's change counts for every business.

    It comes before the change is recorded, so that the revision can name the entry to come.
    """
    owner.revision += 1
    owner.save(update_fields=["revision"])
    if isinstance(owner, Platform):
        _raise_every_business(owner.revision, cause)
    business = owner if isinstance(owner, Business) else None
    Revision.objects.create(
        business=business,
        number=owner.revision,
        cause=cause,
        created_at=timezone.now(),
        audit_number=owner.audit_count + 1,
    )
    return owner.revision


def _raise_every_business(platform_revision: int, cause: str) -> None:
    """Raise all in the order of their ids; one announcement, the platform's, speaks for them."""
    businesses = list(
        Business.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", "revision")
    )
    Business.objects.update(revision=F("revision") + 1, platform_revision=platform_revision)
    now = timezone.now()
    Revision.objects.bulk_create(
        Revision(
            business_id=pk,
            number=revision + 1,
            cause=cause,
            created_at=now,
            platform_revision=platform_revision,
        )
        for pk, revision in businesses
    )
