"""The connection checklist of every business, as its page in the admin shows it."""

from collections.abc import Iterator

from prompts.admin.checklist import Point, connection_checklist
from prompts.models import Business

from .findings import Finding, note


def look_at_businesses() -> Iterator[Finding]:
    """Every point of every business that is switched on."""
    businesses = Business.objects.filter(is_active=True).select_related("settings")
    found = list(businesses.prefetch_related("phone_numbers"))
    if not found:
        yield note("Businesses", "There is none yet.", "Add one in the admin, or run seed_demo.")
    for business in found:
        for point in connection_checklist(business):
            yield _finding(business, point)


def _finding(business: Business, point: Point) -> Finding:
    return Finding(
        about=f"{business.name} (business {business.pk}), {point.name}",
        mark=point.mark,
        sentence=point.sentence,
        remedy=point.remedy,
        address=point.address,
    )
