"""The context layer: what is true of this one call, fixed when the call begins."""

from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def render_context(*, began_at: datetime, time_zone: str) -> str:
    """Say when the call began, on the business's clock; the caller keeps it for the whole call."""
    if began_at.tzinfo is None:
        raise ValueError("The call's start needs a time zone.")
    local = began_at.astimezone(ZoneInfo(time_zone))
    day, month = DAYS[local.weekday()], MONTHS[local.month - 1]
    return (
        f"The call began on {day} {local:%H:%M}, {local.day} {month} {local.year} "
        f"(time zone {time_zone})."
    )
