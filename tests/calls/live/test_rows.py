from datetime import UTC, datetime, timedelta
from uuid import uuid4

from calls.domain.records import (
    KnownBy,
    ReceiptRecord,
    Result,
    Route,
    Speaker,
    Stamp,
    TurnRecord,
)
from calls.live.rows import LONGEST_ID, Clock, receipt_row, turn_row

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLOCK = Clock(monotonic=100.0, wall=NOON)


def test_the_clock_tells_the_time_of_day_from_monotonic_seconds_and_back() -> None:
    assert CLOCK.at(102.5) == NOON + timedelta(seconds=2.5)
    assert CLOCK.seconds(CLOCK.at(97.0)) == 97.0
    assert CLOCK.at_or_none(None) is None
    assert CLOCK.seconds(None) is None


def test_a_turn_keeps_its_stamp_and_loses_what_a_database_cannot_hold() -> None:
    stamp = Stamp("f" * 64, KnownBy.ORDER_IN_FLIGHT, 4, 2, 17, next_fingerprint="e" * 64)
    record = TurnRecord(
        id=uuid4(),
        position=3,
        speaker=Speaker.AGENT,
        item_id="i" * 200,
        started=101.0,
        text="A\x00B",
        heard="A\x00",
        stamp=stamp,
        usage={"total_tokens": 3},
    )
    row = turn_row(5, record, CLOCK)
    assert (row.call_id, row.position, row.speaker) == (5, 3, "agent")
    assert (row.text, row.heard, len(row.item_id)) == ("AB", "A", LONGEST_ID)
    assert (row.revision, row.version, row.prompt_version_id) == (4, 2, 17)
    assert (row.known_by, row.next_fingerprint) == ("order_in_flight", "e" * 64)
    assert row.started_at == NOON + timedelta(seconds=1)


def test_a_turn_under_a_text_that_is_not_ours_names_no_version() -> None:
    stamp = Stamp("f" * 64, KnownBy.UNVERIFIED, 4, 0, None)
    record = TurnRecord(uuid4(), 1, Speaker.AGENT, "item", 100.0, stamp=stamp)
    row = turn_row(5, record, CLOCK)
    assert (row.version, row.prompt_version_id, row.known_by) == (None, None, "unverified")


def test_a_receipt_says_when_each_step_happened() -> None:
    record = ReceiptRecord(
        uuid4(), 4, 2, 17, Result.ACKNOWLEDGED, Route.PUSH,
        hash_sent="a", hash_echoed="a", committed=100.0, received=100.1, sent=100.2,
    )  # fmt: skip
    row = receipt_row(5, record, CLOCK)
    assert (row.result, row.route, row.revision) == ("acknowledged", "push", 4)
    assert row.committed_at == NOON
    assert row.sent_at == NOON + timedelta(seconds=0.2)
    assert row.acknowledged_at is None
