"""Refused requests on their way to the database, at most about one a second."""

import logging
import time
from collections.abc import Callable
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from calls.services import record_refusal
from calls.threads import DatabaseThreads, Overloaded
from calls.twilio.threads import database
from prompts.logs import event

logger = logging.getLogger(__name__)

LARGEST_ID = 2**63 - 1


class Refusals:
    """Keeps a trickle of a flood: whoever sends it must not fill the log or the database."""

    def __init__(
        self,
        threads: DatabaseThreads = database,
        *,
        seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threads = threads
        self._seconds = seconds
        self._clock = clock
        self._free_at = 0.0

    def note(self, *, business_id: int | None, path: str, cause: str) -> None:
        """Log and store a refusal, unless another one was only just stored; never waits."""
        now = self._clock()
        if now < self._free_at:
            return
        self._free_at = now + self._seconds
        if business_id is not None and business_id > LARGEST_ID:
            business_id = None
        event(logger, "call.refused", business_id=business_id, reason=cause)
        try:
            self._threads.submit(partial(_store, business_id=business_id, path=path, cause=cause))
        except Overloaded:
            logger.warning("A refused webhook was not stored: the database does not answer.")


def _store(*, business_id: int | None, path: str, cause: str) -> None:
    try:
        record_refusal(business_id=business_id, path=path, cause=cause, at=timezone.now())
    except DatabaseError:
        logger.warning("A refused webhook was not stored: the database failed.")


refusals = Refusals()
