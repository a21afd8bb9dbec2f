from datetime import UTC, datetime

import pytest

from prompts.domain.context import render_context
from prompts.domain.hours import parse_hours
from prompts.domain.profile import Profile

BEGAN = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
BEGINNING = "The call began on Sunday 14:05, 22 November 2026 (time zone Asia/Jerusalem)."


def test_the_calls_start_is_told_on_the_businesss_clock():
    assert render_context(began_at=BEGAN, time_zone="Asia/Jerusalem") == BEGINNING


def test_hours_appointments_and_the_caller_follow_where_they_are_known():
    told = render_context(
        began_at=BEGAN,
        time_zone="Asia/Jerusalem",
        opening_hours=parse_hours({"sunday": "09:00-13:00"}),
        appointment_rules="Half an hour each.\nNever on Friday.",
        caller=Profile(name="Dana"),
    )
    beginning, hours, appointments, caller = told.split("\n\n")
    assert beginning == BEGINNING
    assert hours.endswith("| Sunday | 09:00-13:00 |")
    assert appointments == "Appointments:\nHalf an hour each.\nNever on Friday."
    assert caller.endswith('- Name: "Dana"')


def test_a_caller_of_whom_nothing_is_known_is_not_mentioned():
    told = render_context(began_at=BEGAN, time_zone="Asia/Jerusalem", caller=Profile())
    assert told == BEGINNING


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        render_context(began_at=datetime(2026, 1, 1), time_zone="UTC")  # noqa: DTZ001
