"""Sending the words again because a person asked: to calls here and in other processes.

The request is written down first, so that no call misses it while the channel layer is away; the
answer is read from the receipt, whose name both ends can tell.
"""

import asyncio
import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import selectors
from calls.domain.records import Result
from calls.groups import Refresh, announce, receipt_id
from calls.live.change_feed import hub
from calls.models import Call, Receipt
from calls.models.choices import CallStatus
from calls.overview import CONFIRMED, answers_to, receipt_as_data
from calls.services.refresh import ask_refresh
from calls.threads import DatabaseThreads

logger = logging.getLogger(__name__)

ANSWERED_WITHIN = 8.0
LOOK_EVERY = 0.1
READ_WITHIN = 3.0

threads = DatabaseThreads(threads=2, waiting=50)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a refresh in one call: an HTTP status, a sentence, the receipt."""

    call_sid: str
    status: int
    message: str
    receipt: Receipt | None = None

    @property
    def success(self) -> bool:
        """Whether the call has the words now."""
        return self.status == 200

    def as_data(self) -> dict[str, object]:
        """The outcome as the API and the commands give it out."""
        return {
            "success": self.success,
            "message": self.message,
            "receipt": receipt_as_data(self.receipt) if self.receipt else None,
        }


def refresh_calls(calls: Collection[Call], *, force: bool = False) -> list[Outcome]:
    """Send the words of calls of one business again, and wait for their answers.

    To be called from a thread; the waiting happens in the server's event loop where there is one.
    """
    ready, outcomes = _sorted_out(calls)
    if not ready:
        return outcomes
    one = len(calls) == 1
    business_id = next(iter(ready)).business_id
    assert business_id is not None  # noqa: S101 - nobody else is connected
    request = Refresh(uuid4(), business_id, next(iter(ready)).sid if one else "", force=force)
    ask_refresh([call.pk for call in ready], request_id=request.request_id, force=force)
    close_old_connections()  # none is held while we wait
    return [*outcomes, *async_to_sync(_send_and_wait)(request, ready)]


def _sorted_out(calls: Collection[Call]) -> tuple[list[Call], list[Outcome]]:
    """The calls whose model session is open, and the answers for the others."""
    pks = [call.pk for call in calls]
    live = set(selectors.live_calls(timezone.now()).filter(pk__in=pks).values_list("pk", flat=True))
    spoken_to = set(Receipt.objects.filter(call__in=pks).values_list("call_id", flat=True))
    ready, outcomes = [], []
    for call in calls:
        if not call.is_open:
            outcomes.append(Outcome(call.sid, 409, _("The call has ended.")))
        elif call.pk not in live:
            message = _("The process that carried this call is gone.")
            outcomes.append(Outcome(call.sid, 409, message))
        elif call.status != CallStatus.CONNECTED or call.pk not in spoken_to:
            message = _("The call has no open session with the voice service yet.")
            outcomes.append(Outcome(call.sid, 409, message))
        else:
            ready.append(call)
    return ready, outcomes


async def _send_and_wait(request: Refresh, calls: list[Call]) -> list[Outcome]:
    ours = [call for call in calls if hub().carries(call.sid, request.business_id)]
    hub().refresh(request)
    waiting, outcomes = calls, []
    if len(ours) < len(calls) and not await _told_the_others(request):
        message = _("The change will be picked up within %d seconds.")
        message = message % (settings.RECONCILE_SECONDS + 1)
        outcomes = [Outcome(call.sid, 202, message) for call in calls if call not in ours]
        waiting = ours
    return [*outcomes, *await _answers(request.request_id, waiting)]


async def _told_the_others(request: Refresh) -> bool:
    """Whether the other processes could be reached at all."""
    if not settings.REDIS_URL:
        return False
    try:
        await announce(request)
    except Exception as error:  # noqa: BLE001 - the request stands in the database
        logger.warning("The refresh was not announced (%s).", type(error).__name__)
        return False
    return True


async def _answers(request_id: UUID, calls: list[Call]) -> list[Outcome]:
    """What each call answers, for as long as anybody may wait."""
    outcomes: dict[int, Outcome] = {}
    loop = asyncio.get_running_loop()
    late = loop.time() + ANSWERED_WITHIN
    while len(outcomes) < len(calls) and loop.time() < late:
        await asyncio.sleep(LOOK_EVERY)
        awaited = [call for call in calls if call.pk not in outcomes]
        with suppress(TimeoutError, DatabaseError):  # it is looked again, while anybody waits
            outcomes |= await threads.run(partial(_look, request_id, awaited), within=READ_WITHIN)
    message = _("The voice service did not confirm within eight seconds.")
    return [outcomes.get(call.pk) or Outcome(call.sid, 504, message) for call in calls]


def _look(request_id: UUID, calls: list[Call]) -> dict[int, Outcome]:
    """The answers that are there by now."""
    receipts = answers_to({call.pk: receipt_id(request_id, call.sid) for call in calls})
    found = {call.pk: _outcome(call, receipts[call.pk]) for call in calls if call.pk in receipts}
    open_calls = {call.pk: call for call in calls if call.pk not in found}
    ended = Call.objects.filter(pk__in=open_calls, ended_at__isnull=False)
    for pk in ended.values_list("pk", flat=True):
        found[pk] = Outcome(open_calls[pk].sid, 409, _("The call ended first."))
    return found


def _outcome(call: Call, receipt: Receipt) -> Outcome:
    match receipt.result:
        case Result.UNCHANGED:
            status, message = 200, _("Nothing had changed; the call stands under these words.")
        case Result.HELD:
            status, message = 200, _("Nothing had changed; the call keeps its version by choice.")
        case Result.CALL_ENDED:
            status, message = 409, _("The call ended first.")
        case Result.REFUSED:
            status, message = 502, _("The voice service refused the words.")
        case result if result in CONFIRMED:
            status, message = 200, _("Confirmed by the voice service.")
        case _result:
            status, message = 504, _("The voice service did not confirm within eight seconds.")
    return Outcome(call.sid, status, message, receipt)
