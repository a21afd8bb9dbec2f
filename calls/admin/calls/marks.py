"""What stands between the lines of a transcript, in sentences."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.domain.records import Result, Route
from calls.models import Receipt
from calls.story.changes import Change
from calls.story.marks import Mark, Step
from calls.story.timeline import Happening, Story
from prompts.admin.outcomes.titles import release_title, release_url

CAUSES = {
    "settings": gettext_lazy("Settings changed"),
    "hours": gettext_lazy("Opening hours changed"),
    "details": gettext_lazy("Details of the business changed"),
    "profile": gettext_lazy("What is known of a caller changed"),
    "freshness checked": gettext_lazy("Freshness was checked"),
    "published": gettext_lazy("The prompt of the other direction was published"),
    "taken back": gettext_lazy("The prompt of the other direction was taken back"),
}
RECEIVED = {
    Route.START: gettext_lazy("Read at the start"),
    Route.PUSH: gettext_lazy("Received by push"),
    Route.RECONCILE: gettext_lazy("Found by the regular check"),
    Route.MANUAL: gettext_lazy("Asked for by hand"),
    Route.RECONNECT: gettext_lazy("Read after a reconnection"),
}
GOOD = (Result.ACKNOWLEDGED, Result.ACKNOWLEDGED_UNSEEN, Result.ACKNOWLEDGED_LATE)
WRONG = (Result.REFUSED, Result.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Sign:
    """A row between two lines: a change and how far it came here."""

    at: datetime
    title: str
    url: str = ""
    by: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()
    level: str = ""  # a class of the stylesheet


def sign_of(happening: Happening, story: Story) -> Sign:
    """A happening in words."""
    first = happening.first
    if first.step is Step.ENDED:
        title, detail = story.call.end_sentence, story.call.detail
        steps = () if detail in title else (detail,)
        return Sign(first.at, title, steps=steps, level="end")
    if first.step is Step.MODEL_LOST or first.receipt is None:
        title = _("The connection to the voice service was lost.")
        return Sign(first.at, title, level="wrong")
    return _sign_of_change(happening, first.receipt)


def _sign_of_change(happening: Happening, receipt: Receipt) -> Sign:
    first = happening.first
    is_told = first.step is Step.MADE  # who and why stand where the change was made
    change = first.change
    asked_again = _("The words were asked for again")
    return Sign(
        at=first.at,
        title=asked_again if first.is_again else change_title(change, receipt),
        url=release_url(change.release.pk) if change and change.release else "",
        by=change.actor_name if is_told and change else "",
        reason=change.reason if is_told and change else "",
        steps=tuple(_step(mark, receipt) for mark in happening.marks if mark.step != Step.MADE),
        level=_level(happening, receipt),
    )


def change_title(change: Change | None, receipt: Receipt) -> str:
    """What was changed, as staff call it."""
    if receipt.route == Route.START:
        return _("The call began under v%(number)d") % {"number": receipt.version or 0}
    if receipt.route == Route.RECONNECT:
        return _("A new session began under v%(number)d") % {"number": receipt.version or 0}
    if change is None:
        return _("Change r%(number)d") % {"number": receipt.revision}
    if change.release:
        return release_title(change.release)
    return str(CAUSES.get(change.cause, _("Change r%(number)d") % {"number": change.revision}))


def _step(mark: Mark, receipt: Receipt) -> str:
    """One step, with the time since the change was made where the clocks tell it."""
    words = {
        Step.RECEIVED: str(RECEIVED[Route(receipt.route)]),
        Step.SENT: _("Sent to the voice service"),
        Step.SENT_AGAIN: _("Sent again"),
        Step.SETTLED: receipt.get_result_display(),
    }[mark.step]
    since = "" if mark.is_again else _since(mark.at, receipt)
    return f"{words} ({since})" if since else words


def _since(at: datetime, receipt: Receipt) -> str:
    if receipt.committed_at is None or receipt.route == Route.START:
        return ""
    seconds = max(0.0, (at - receipt.committed_at).total_seconds())
    if seconds < 10:
        return _("after %(count)d ms") % {"count": round(seconds * 1000)}
    return _("after %(count)d s") % {"count": round(seconds)}


def _level(happening: Happening, receipt: Receipt) -> str:
    if happening.marks[-1].step is not Step.SETTLED:
        return "waits"
    if receipt.result in WRONG:
        return "wrong"
    return "good" if receipt.result in GOOD else "quiet"
