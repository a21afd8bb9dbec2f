"""A call in plain text, to be sent to the business: no inner words, nothing of other callers."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from calls.domain.records import Result
from calls.models import Call, Turn
from calls.story.marks import Step
from calls.story.timeline import Happening, Story
from prompts.admin.banners import direction_title
from prompts.domain.kinds import Direction
from prompts.sentences import Sentence

from .lines import heard_and_unheard
from .marks import sign_of
from .telling import customer_number, minutes, zone_of

# Changes that this call did not need say nothing about it.
SILENT = (Result.UNCHANGED, Result.SUPERSEDED)


def plain_text(story: Story) -> str:
    """Who called when, what was said under which version, and what was published meanwhile."""
    zone = ZoneInfo(zone_of(story.call))
    head = "\n".join(_head(story.call, zone))
    lines = "\n".join(_lines(story, zone)) or _("Nothing was said, or nothing was written down.")
    title = _("What was said (automatic transcript, may be wrong):")
    return f"{head}\n\n{title}\n{lines}\n"


def _head(call: Call, zone: ZoneInfo) -> Iterator[str]:
    """The call in a few lines."""
    began = formats.date_format(call.started_at.astimezone(zone), "DATETIME_FORMAT")
    yield Sentence.of(_("Call of %(business)s"), business=call.business or _("an unknown business"))
    yield f"{began} ({zone.key}), {minutes(call.duration_seconds)}"
    number = customer_number(call)
    direction = direction_title(Direction(call.direction))
    yield f"{direction}: {number}" if number else direction
    yield call.end_sentence or call.get_status_display()


def _lines(story: Story, zone: ZoneInfo) -> Iterator[str]:
    for item in story.items:
        told = _line(item) if isinstance(item, Turn) else _sign(item, story)
        at = item.started_at if isinstance(item, Turn) else item.first.at
        if told:
            yield f"{_time(at, zone)} {told}"


def _line(turn: Turn) -> str:
    """``Agent (v2): words``, with what was not heard in brackets."""
    heard, unheard = heard_and_unheard(turn)
    version = f" (v{turn.version})" if turn.version else ""
    rest = f" [{_('not heard:')} {unheard}]" if unheard else ""
    words = f"{heard.strip()}{rest}".strip() or _("(no words were recognised)")
    return f"{turn.get_speaker_display()}{version}: {words}"


def _sign(happening: Happening, story: Story) -> str:
    """A change where it was made, with what became of it if no line stands between."""
    first = happening.first
    if first.step is not Step.MADE or first.receipt is None or first.receipt.result in SILENT:
        return ""
    sign = sign_of(happening, story)
    by = f" – {sign.by}" if sign.by else ""
    reason = f": {sign.reason}" if sign.reason else ""
    return f"* {sign.title}{by}{reason} ({first.receipt.get_result_display()})"


def _time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"
