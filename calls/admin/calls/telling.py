"""How the parties, the times and the length of a call are told."""

import re

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from calls.models import Call
from prompts.domain.kinds import Direction

# A telephone number, a date or a price: digits and signs that keep their order in every script.
LTR = '<bdi dir="ltr">{}</bdi>'
NUMBER = re.compile(r"\+?\d[\d\s().,:/\-]*\d")


def minutes(seconds: int | None) -> str:
    """``75`` as ``1:15``."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def zone_of(call: Call) -> str:
    """The zone in which a call is told: that of its business."""
    return call.business.time_zone if call.business else str(settings.TIME_ZONE)


def customer_number(call: Call) -> str:
    """The number at the other end of the line, as Twilio told it."""
    return call.from_number if call.direction == Direction.INBOUND else call.to_number


def masked(number: str) -> str:
    """Enough of a number to tell two callers apart, and no more."""
    return f"···{number[-4:]}" if len(number) > 4 else ""


def isolated(text: str) -> SafeString:
    """Free text whose numbers read from the left also where the script runs the other way."""
    place, parts = 0, []
    for number in NUMBER.finditer(text):
        parts += [escape(text[place : number.start()]), format_html(LTR, number[0])]
        place = number.end()
    return mark_safe("".join([*parts, escape(text[place:])]))  # noqa: S308  # each part is escaped
