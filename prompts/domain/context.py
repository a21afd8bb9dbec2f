"""The context layer: what is true of this one call, told anew when one of its facts changes."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from .hours import DAYS, Day, render_hours
from .layers import Wording
from .profile import Profile, render_profile

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


def call_context(wording: Wording, *, began_at: datetime, caller: Profile) -> str:
    """The context layer of a call under ``wording``."""
    return render_context(
        began_at=began_at,
        time_zone=wording.time_zone,
        opening_hours=wording.opening_hours,
        appointment_rules=wording.appointment_rules,
        caller=caller,
    )


def render_context(
    *,
    began_at: datetime,
    time_zone: str,
    opening_hours: Iterable[Day] = (),
    appointment_rules: str = "",
    caller: Profile | None = None,
) -> str:
    """When the call began, when the business is open, and who is on the line.

    The same facts give the same text at any time: the clock is not read. What is not known is
    not mentioned.
    """
    parts = (
        _beginning(began_at, time_zone),
        render_hours(opening_hours, time_zone),
        f"Appointments:\n{appointment_rules}" if appointment_rules else "",
        render_profile(caller) if caller else "",
    )
    return "\n\n".join(filter(None, parts))


def _beginning(began_at: datetime, time_zone: str) -> str:
    """The start of the call on the business's clock."""
    if began_at.tzinfo is None:
        raise ValueError("The call's start needs a time zone.")
    local = began_at.astimezone(ZoneInfo(time_zone))
    day, month = DAYS[local.weekday()], MONTHS[local.month - 1]
    return (
        f"The call began on {day} {local:%H:%M}, {local.day} {month} {local.year} "
        f"(time zone {time_zone})."
    )
