"""The rules that the database keeps for calls."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from calls.domain.reasons import EndReason
from calls.models import Call
from calls.models.choices import END_REASONS
from tests.calls.desk import sid

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make_call(number: int = 1, **fields: object) -> Call:
    return Call.objects.create(
        **{"sid": sid(number), "direction": "inbound", "started_at": NOW} | fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": "sideways"},
        {"status": "asleep"},
        {"status": "ended", "ended_at": NOW},
        {"status": "refused", "end_reason": "paused"},
        {"status": "connected", "end_reason": "paused"},
        {"ended_at": NOW},
    ],
)
def test_a_row_that_cannot_be_true_is_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(**fields)


def test_two_calls_never_share_a_sid_or_a_token():
    make_call(1, token_hash="a" * 64)
    make_call(2)
    make_call(3)
    for fields in ({"sid": sid(1)}, {"token_hash": "a" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_call(4, **fields)


def test_the_direction_of_a_call_never_changes():
    call = make_call()
    calls = Call.objects.filter(pk=call.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        calls.update(direction="outbound")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE calls_call SET direction = 'outbound'")
    calls.update(direction="inbound", status="connected")


def test_every_end_reason_has_words_for_staff():
    assert [value for value, _words in END_REASONS] == [reason.value for reason in EndReason]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, ""),
        ({"end_reason": "caller_hung_up", "status": "ended"}, "The caller hung up."),
        (
            {"end_reason": "no_prompt", "status": "refused"},
            "Not answered by the agent: no inbound prompt is published.",
        ),
        (
            {"end_reason": "no_prompt", "status": "refused", "direction": "outbound"},
            "Not answered by the agent: no outbound prompt is published.",
        ),
        (
            {"end_reason": "paused", "status": "refused"},
            "Not answered by the agent: the agent is paused.",
        ),
        (
            {
                "end_reason": "refused",
                "status": "refused",
                "end_detail": "The business is switched off.",
            },
            "Not answered by the agent: The business is switched off.",
        ),
    ],
)
def test_the_end_is_one_plain_sentence(fields, sentence):
    assert Call(**{"direction": "inbound"} | fields).end_sentence == sentence
