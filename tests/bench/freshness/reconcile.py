"""The regular question for 500 calls, asked of a database: `python -m ...freshness.reconcile`.

Every call is of another business, which is the most that 500 calls can ask for; 20,000 calls of
the past lie beside them.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceagent.settings")
django.setup()

from django.db import connection  # noqa: E402  # needs Django set up

from calls.domain.reasons import EndReason  # noqa: E402
from calls.models import Call  # noqa: E402
from calls.models.choices import CallStatus  # noqa: E402
from calls.selectors import standing  # noqa: E402
from prompts.domain.kinds import Direction  # noqa: E402
from prompts.models import Business  # noqa: E402
from tests.bench.desk.archive import add  # noqa: E402

CALLS, PAST, TIMES = 500, 20_000, 100
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def fill() -> list[int]:
    """Add the calls and their businesses; the ids of these."""
    add(Business(name=f"Business {number:03d}") for number in range(CALLS))
    ids = list(Business.objects.order_by("-pk").values_list("pk", flat=True)[:CALLS])
    add(_call(number, ids[number % CALLS], is_over=True) for number in range(PAST))
    add(_call(PAST + number, pk, is_over=False) for number, pk in enumerate(ids))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ids


def _call(number: int, business_id: int, *, is_over: bool) -> Call:
    started = NOW - timedelta(seconds=PAST - number)
    end = {"ended_at": NOW, "end_reason": EndReason.CALLER_HUNG_UP.value} if is_over else {}
    return Call(
        sid=f"CA{number:032x}", business_id=business_id, direction=Direction.INBOUND.value,
        status=CallStatus.ENDED if is_over else CallStatus.CONNECTED, started_at=started, **end,
    )  # fmt: skip


def measure(ids: list[int]) -> list[float]:
    """Milliseconds from each statement to its last row, as the process that asks sees it."""
    statement, took = _statement(ids), []
    for _ in range(TIMES):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            rows = cursor.fetchall()
        took.append((time.perf_counter() - began) * 1000)
        if len(rows) != CALLS:
            raise SystemExit("The regular question was not answered for every call.")
    return took


def _statement(ids: list[int]) -> tuple[str, Any]:
    """What the regular question is in SQL, with its parameters: one statement."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        standing(ids)
    (statement,) = asked
    return statement


if __name__ == "__main__":
    json.dump(measure(fill()), sys.stdout)
