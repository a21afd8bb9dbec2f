"""What is stored of calls, as the audit of each of them takes it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from calls.domain import audit
from calls.domain.beginning import Beginning
from calls.domain.pages import Page, as_logged
from calls.domain.records import KnownBy, Result, Speaker, Stamp
from calls.models import Call, EventPage, Receipt, Turn
from calls.models.receipt import facts_of

Row = Any  # of a model, or its columns by their names

BEGINNING = Beginning.__struct_fields__
PAGE = Page.__struct_fields__
ANSWER = (
    *("position", "response_id", "status", "usage"),
    *("fingerprint", "known_by", "revision", "version", "prompt_version_id"),
    *("base_fingerprint", "next_fingerprint"),
)
RECEIPT = tuple(field.attname for field in Receipt._meta.concrete_fields if field.name != "call")
KNOWN_BY = {one.value: one for one in KnownBy}
RESULTS = {one.value: one for one in Result}


def stored(calls: Sequence[Call]) -> dict[int, audit.Stored]:
    """What is stored of these calls, in three queries."""
    ids = [call.pk for call in calls]
    spoken = Turn.objects.filter(call__in=ids, speaker=Speaker.AGENT.value)
    pages = _by_call(EventPage.objects.filter(call__in=ids).order_by("call", "number"), PAGE)
    answers = _by_call(spoken.order_by("call", "position"), ANSWER)
    receipts = _by_call(Receipt.objects.filter(call__in=ids), RECEIPT)
    return {
        call.pk: stored_of(call, pages[call.pk], answers[call.pk], receipts[call.pk])
        for call in calls
    }


def stored_of(
    call: Row, pages: Iterable[Row], answers: Iterable[Row], receipts: Iterable[Row]
) -> audit.Stored:
    """The rows of one call, all of which have to agree."""
    return audit.Stored(
        sid=call.sid,
        pages=[Page(row.number, row.lines, row.previous_hash, row.hash) for row in pages],
        answers=[
            audit.Answer(row.position, row.response_id, _stamp(row), row.status, row.usage)
            for row in answers
        ],
        outcomes=[_outcome(row) for row in receipts],
        beginning=Beginning(**{name: getattr(call, name) for name in BEGINNING}),
    )


def _stamp(turn: Row) -> Stamp | None:
    """The stamp of an answer's row; None where there is none that can be read."""
    known_by = KNOWN_BY.get(turn.known_by)
    if known_by is None:
        return None
    return Stamp(
        fingerprint=turn.fingerprint,
        known_by=known_by,
        revision=turn.revision or 0,
        version=turn.version or 0,
        version_id=turn.prompt_version_id,
        base_fingerprint=turn.base_fingerprint,
        next_fingerprint=turn.next_fingerprint,
    )


def _outcome(receipt: Row) -> audit.Outcome:
    facts = as_logged(facts_of(receipt))
    result = RESULTS.get(receipt.result)
    return audit.Outcome(receipt.revision, result, receipt.hash_sent, receipt.hash_echoed, facts)


def _by_call(rows: QuerySet[Any], columns: tuple[str, ...]) -> dict[int, list[Row]]:
    """Columns alone: whole rows of models cost more than all that is checked of them."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.values_list("call_id", *columns, named=True):
        found[row.call_id].append(row)
    return found
