"""Which changes went over the channel layer, and which this process could not tell."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

logger = logging.getLogger(__name__)

# The newest revision of each business (None: of the platform) that was told, and that was not.
_told: dict[int | None, int] = {}
_untold: dict[int | None, int] = {}
_failed = False  # when this process last had something to tell
HEARD_WITHIN = timedelta(seconds=1)


def announced(business_id: int | None, revision: int) -> None:
    """The channel layer took a change, or brought one of another process."""
    global _failed  # noqa: PLW0603 - one layer for the whole process
    if _failed:
        _failed = False
        logger.warning("Changes are announced again.")
    _told[business_id] = max(revision, _told.get(business_id, 0))
    if _untold.get(business_id, 0) <= revision:
        _untold.pop(business_id, None)


def not_announced(business_id: int | None, revision: int, error: Exception) -> None:
    """The channel layer did not take a change; one line for as long as that goes on."""
    global _failed  # noqa: PLW0603 - one layer for the whole process
    if not _failed:
        _failed = True
        logger.warning(
            "Changes are not announced (%s): calls find them by asking, every few seconds.",
            type(error).__name__,
        )
    _untold[business_id] = revision


def is_untold(business_id: int | None, revision: int) -> bool:
    """Whether the channel layer did not take a change that this process made."""
    return _untold.get(business_id, 0) >= revision


def calls_will_ask(
    business_id: int | None, revision: int, committed_at: datetime, now: datetime
) -> bool:
    """Whether calls that have not answered yet find this change by themselves, within seconds.

    A change of another process that nobody has heard of within a second counts as not announced.
    """
    age = now - committed_at
    if age > timedelta(seconds=settings.RECONCILE_SECONDS + 1):
        return False
    if is_untold(business_id, revision):
        return True
    return age > HEARD_WITHIN and _told.get(business_id, 0) < revision
