from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from prompts.domain.moments import Doubt, Moment, resolve

JERUSALEM = ZoneInfo("Asia/Jerusalem")


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "again", "moment"),
    [
        ("2026-01-05T14:05", False, Moment(utc(2026, 1, 5, 12, 5), Doubt.NONE)),
        ("2026-07-05T14:05", True, Moment(utc(2026, 7, 5, 11, 5), Doubt.NONE)),
        # The clocks go from 02:00 to 03:00 on Friday before the last Sunday of March.
        ("2026-03-27T02:30", False, Moment(utc(2026, 3, 27, 0, 30), Doubt.SKIPPED)),
        ("2026-03-27T02:30", True, Moment(utc(2026, 3, 27, 0, 30), Doubt.SKIPPED)),
        ("2026-03-27T03:00", False, Moment(utc(2026, 3, 27, 0, 0), Doubt.NONE)),
        # They go back from 02:00 to 01:00 on the last Sunday of October.
        ("2026-10-25T01:30", False, Moment(utc(2026, 10, 24, 22, 30), Doubt.TWICE)),
        ("2026-10-25T01:30", True, Moment(utc(2026, 10, 24, 23, 30), Doubt.TWICE)),
        ("2026-10-25T02:00", False, Moment(utc(2026, 10, 25, 0, 0), Doubt.NONE)),
    ],
)
def test_a_typed_time_is_one_moment(typed: str, again: bool, moment: Moment) -> None:
    assert resolve(datetime.fromisoformat(typed), JERUSALEM, again=again) == moment


def test_a_zone_without_summer_time_leaves_no_doubt() -> None:
    assert resolve(datetime.fromisoformat("2026-03-29T02:30"), UTC) == Moment(
        utc(2026, 3, 29, 2, 30), Doubt.NONE
    )
