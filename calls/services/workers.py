"""The processes that carry calls: each says that it is there, and closes what others left."""

from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.utils import timezone

from calls import selectors
from calls.domain.reasons import EndReason
from calls.models import Worker
from calls.services.ending import NEVER_REACHED, end_call
from calls.services.erasure import erase_the_rest

SURE_AFTER = 6.0  # seconds between two looks, longer than a living worker needs for a sign
KEPT = timedelta(days=1)
GONE = "The process that carried the call gave no sign for 15 seconds."


def give_sign(worker: Worker, now: datetime) -> None:
    """Write that a process is there; one statement."""
    worker.seen_at = now
    Worker.objects.bulk_create(
        [worker], update_conflicts=True, unique_fields=["id"], update_fields=["seen_at"]
    )


def forget_old_workers(now: datetime) -> None:
    """Clear away the rows of processes that went long ago."""
    Worker.objects.filter(seen_at__lt=now - KEPT).delete()


class Reaper:
    """Closes the calls of processes that are gone, after looking twice.

    One look is not enough: after an outage of the database every process has been silent, and
    the clocks of two hosts may differ. A living one gives a new sign between the two looks.
    """

    def __init__(self) -> None:
        self._suspected: dict[int, tuple[UUID, datetime, float]] = {}

    @property
    def suspects(self) -> bool:
        """Whether another look may close something."""
        return bool(self._suspected)

    def look(self, now: datetime, at: float) -> int:
        """Close what has stayed silent since an earlier look; ``at`` is in monotonic seconds.

        Gives how many those were. Calls that no process ever carried, and of which Twilio said
        nothing more, are closed as well.
        """
        closed, suspected = 0, {}
        for call_id, worker_id, last_sign in selectors.abandoned_calls(now):
            earlier = self._suspected.get(call_id)
            if earlier is None or earlier[:2] != (worker_id, last_sign):
                suspected[call_id] = (worker_id, last_sign, at)
            elif at - earlier[2] < SURE_AFTER:
                suspected[call_id] = earlier
            else:
                closed += end_call(call_id, EndReason.INTERRUPTED, GONE, now)
                erase_the_rest(call_id)
        self._suspected = suspected
        for call_id in selectors.never_connected(now):
            end_call(call_id, EndReason.NEVER_CONNECTED, NEVER_REACHED, now)
        return closed


_reaper = Reaper()  # of those who look at lists in this process


def close_what_was_left() -> None:
    """Look once more; whoever watches the calls needs no call to notice that a process is gone."""
    _reaper.look(timezone.now(), monotonic())
