"""Refused requests on their way to the database: ten of each business, then one a second."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from calls.services import record_refusal
from calls.threads import DatabaseThreads, Overloaded
from calls.twilio.threads import database
from prompts.logs import event

logger = logging.getLogger(__name__)

LARGEST_ID = 2**63 - 1
EACH, EACH_SECONDS = 10, 1.0  # as many as the checklist shows, then one a second
IN_ALL, IN_ALL_SECONDS = 50, 0.2
BUCKETS = 1000


@dataclass(slots=True)
class Bucket:
    """So many at once, then one for each ``seconds`` that pass."""

    most: int
    seconds: float
    left: float
    seen: float

    def takes(self, now: float) -> bool:
        """Whether there is room for one more now."""
        self.left = min(self.most, self.left + (now - self.seen) / self.seconds)
        self.seen = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Refusals:
    """Keeps a trickle of a flood: whoever sends it must not fill the log or the database.

    Each business has a bucket of its own, so that a flood at one hides nothing of the others.
    """

    def __init__(
        self,
        threads: DatabaseThreads = database,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threads = threads
        self._clock = clock
        self._all = Bucket(IN_ALL, IN_ALL_SECONDS, IN_ALL, clock())
        self._buckets: OrderedDict[int | None, Bucket] = OrderedDict()

    def note(self, *, business_id: int | None, path: str, cause: str, direction: str = "") -> None:
        """Log and store a refusal while there is room for it; never waits."""
        if business_id is not None and business_id > LARGEST_ID:
            business_id = None
        now = self._clock()
        if not (self._bucket(business_id, now).takes(now) and self._all.takes(now)):
            return
        event(logger, "call.refused", business_id=business_id, direction=direction, reason=cause)
        try:
            self._threads.submit(partial(_store, business_id=business_id, path=path, cause=cause))
        except Overloaded:
            logger.warning("A refused webhook was not stored: the database does not answer.")

    def _bucket(self, business_id: int | None, now: float) -> Bucket:
        full = Bucket(EACH, EACH_SECONDS, EACH, now)
        bucket = self._buckets.setdefault(business_id, full)
        self._buckets.move_to_end(business_id)
        if len(self._buckets) > BUCKETS:
            self._buckets.popitem(last=False)
        return bucket


def _store(*, business_id: int | None, path: str, cause: str) -> None:
    try:
        record_refusal(business_id=business_id, path=path, cause=cause, at=timezone.now())
    except DatabaseError:
        logger.warning("A refused webhook was not stored: the database failed.")


refusals = Refusals()
