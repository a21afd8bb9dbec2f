"""Rows of calls in progress, for tests of who carries and who sees them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from calls.domain.records import Result, Route
from calls.models import Call, Receipt, Worker
from calls.models.choices import CallStatus
from prompts.domain.kinds import Direction
from prompts.models import Business
from tests.calls.desk import sid


def make_worker(seen_at: datetime) -> Worker:
    return Worker.objects.create(host="host", pid="1", started_at=seen_at, seen_at=seen_at)


def make_call(
    business: Business,
    number: int,
    at: datetime,
    *,
    worker_id: UUID | None = None,
    **fields: object,
) -> Call:
    given = {
        "sid": sid(number),
        "business": business,
        "direction": Direction.INBOUND.value,
        "status": CallStatus.CONNECTED,
        "started_at": at,
        "connected_at": at,
        "token_used_at": at,
        "started_revision": business.revision,
        "worker_id": worker_id,
    }
    return Call.objects.create(**given | fields)


def make_receipt(call: Call, revision: int, result: Result, **fields: object) -> Receipt:
    at = call.started_at + timedelta(seconds=revision)
    given = {
        "id": uuid4(),
        "call": call,
        "revision": revision,
        "version": revision,
        "result": result,
        "route": Route.PUSH,
        "hash_sent": f"{revision:064x}" if result.startswith("ack") else "",
        "received_at": at,
    }
    return Receipt.objects.create(**given | fields)
