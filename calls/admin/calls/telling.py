"""How the parties, the times and the length of a call are told."""

from django.conf import settings

from calls.models import Call
from prompts.domain.kinds import Direction


def minutes(seconds: int | None) -> str:
    """``75`` as ``1:15``."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def zone_of(call: Call) -> str:
    """The zone in which a call is told: that of its business."""
    return call.business.time_zone if call.business else str(settings.TIME_ZONE)


def customer_number(call: Call) -> str:
    """The number at the other end of the line, as Twilio told it."""
    return call.from_number if call.direction == Direction.INBOUND else call.to_number
