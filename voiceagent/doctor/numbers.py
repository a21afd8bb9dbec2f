"""The connection checklist of every business, as its page in the admin shows it."""

from collections.abc import Iterator

from django.conf import settings

from prompts.admin.checklist import Point, connection_checklist
from prompts.models import Business
from voiceagent.remedies import manage

from .findings import Finding, note


def look_at_businesses() -> Iterator[Finding]:
    """Every point of every business that is switched on."""
    businesses = Business.objects.filter(is_active=True).select_related("settings")
    found = list(businesses.prefetch_related("phone_numbers"))
    if not found:
        yield note("Businesses", "There is none yet.", _first_business())
    for business in found:
        for point in connection_checklist(business):
            yield _finding(business, point)


def _first_business() -> str:
    """Demo data is for this machine; a public address would open its account to everybody."""
    if settings.PUBLIC_IS_LOOPBACK:
        return f"Add one in the admin, or run `{manage('seed_demo')}`."
    return "Add one in the admin."


def _finding(business: Business, point: Point) -> Finding:
    return Finding(
        about=f"{business.name} (business {business.pk}), {point.name}",
        mark=point.mark,
        sentence=point.sentence,
        remedy=point.remedy,
        address=point.address,
    )
