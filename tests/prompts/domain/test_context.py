from datetime import UTC, datetime

import pytest

from prompts.domain.context import render_context


def test_the_calls_start_is_told_on_the_businesss_clock():
    began = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
    assert render_context(began_at=began, time_zone="Asia/Jerusalem") == (
        "The call began on Sunday 14:05, 22 November 2026 (time zone Asia/Jerusalem)."
    )


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        render_context(began_at=datetime(2026, 1, 1), time_zone="UTC")  # noqa: DTZ001
