"""How far a change has come in the calls that were going on when it was made, in a sentence."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from calls.domain.records import Result
from calls.proof.announcements import calls_will_ask
from calls.proof.arrivals import (
    CONFIRMED,
    WAITING,
    Arrival,
    Change,
    arrivals,
)

# What has come to all calls alike, while it is live and once other words are.
NOBODY = {
    False: gettext_lazy("Live now. No calls in progress; the next call uses it."),
    True: gettext_lazy("No calls were in progress. Another version is live by now."),
}
HELD = {
    False: ngettext_lazy(
        "Live for new calls. %(count)d call in progress keeps its words.",
        "Live for new calls. %(count)d calls in progress keep their words.",
        "count",
    ),
    True: ngettext_lazy(
        "%(count)d call in progress kept its words. Another version is live by now.",
        "%(count)d calls in progress kept their words. Another version is live by now.",
        "count",
    ),
}
UNCHANGED = {
    False: ngettext_lazy(
        "Live now. Nothing changes for %(count)d call in progress.",
        "Live now. Nothing changes for %(count)d calls in progress.",
        "count",
    ),
    True: ngettext_lazy(
        "Nothing changed for %(count)d call in progress. Another version is live by now.",
        "Nothing changed for %(count)d calls in progress. Another version is live by now.",
        "count",
    ),
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A change in the calls of its directions."""

    is_unannounced: bool = False
    calls: tuple[Arrival, ...] = ()
    is_past: bool = False  # other words are live by now

    def count(self, *results: str) -> int:
        """How many calls have one of these results."""
        return sum(call.result in results for call in self.calls)

    @property
    def confirmed(self) -> int:
        """The calls that certainly have it."""
        return self.count(*CONFIRMED)

    @property
    def slowest(self) -> int | None:
        """The milliseconds of the call that took longest."""
        times = [call.milliseconds for call in self.calls if call.milliseconds is not None]
        return max(times, default=None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be known of it."""
        return not self.count(WAITING)

    @property
    def sentence(self) -> str:
        """What staff read after publishing."""
        total = len(self.calls)
        if not total:
            return str(NOBODY[self.is_past])
        if self.is_unannounced and self.count(WAITING) == total:
            seconds = ceil(settings.RECONCILE_SECONDS + 1)
            sentence = _("Live. Calls in progress pick it up within %(seconds)d seconds.")
            return sentence % {"seconds": seconds}
        if self.count(Result.HELD.value) == total:
            return HELD[self.is_past] % {"count": total}
        if self.count(Result.UNCHANGED.value) == total:
            return UNCHANGED[self.is_past] % {"count": total}
        return f"{'; '.join([self._head(), *self._others()])}."

    def _head(self) -> str:
        total, slowest = len(self.calls), self.slowest
        head = ngettext(
            "Confirmed in %(confirmed)d of %(total)d call in progress",
            "Confirmed in %(confirmed)d of %(total)d calls in progress",
            total,
        ) % {"confirmed": self.confirmed, "total": total}
        if slowest is None:
            return head
        return _("%(head)s, slowest %(slowest)d ms") % {"head": head, "slowest": slowest}

    def _others(self) -> list[str]:
        counts = (
            (_("%(count)d ended"), Result.CALL_ENDED.value),
            (_("%(count)d on a newer version already"), Result.SUPERSEDED.value),
            (_("%(count)d kept on its words by choice"), Result.HELD.value),
            (_("%(count)d refused by the voice service"), Result.REFUSED.value),
            (_("%(count)d not confirmed"), Result.UNVERIFIED.value),
        )
        found = ((words, self.count(result)) for words, result in counts)
        return [words % {"count": count} for words, count in found if count]

    def as_data(self) -> dict[str, object]:
        """The same for the API."""
        return {
            "sentence": self.sentence,
            "settled": self.is_settled,
            "in_progress": len(self.calls),
            "confirmed": self.confirmed,
            "waiting": self.count(WAITING),
            "ended": self.count(Result.CALL_ENDED.value),
            "slowest_ms": self.slowest,
            "calls": [
                {
                    "call_sid": one.call.sid,
                    "result": one.result,
                    "route": one.receipt.route if one.receipt else "",
                    "milliseconds": one.milliseconds,
                }
                for one in self.calls
            ],
        }


def confirmation(change: Change, now: datetime) -> Confirmation:
    """How far a change has come; only calls of its directions count."""
    found = arrivals(change, now)
    return Confirmation(
        is_unannounced=not any(one.receipt for one in found)
        and calls_will_ask(change.business_id, change.revision, change.committed_at, now),
        calls=found,
        is_past=change.is_past,
    )
