import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.hours import BadHours, Day, format_day, parse_day, parse_hours, render_hours


def test_the_table_tells_the_days_that_are_known():
    days = parse_hours({"sunday": "14:00-18:00, 9:00 – 13:00", "saturday": "closed", "friday": " "})
    assert render_hours(days, "Asia/Jerusalem") == (
        "Opening hours (time zone Asia/Jerusalem):\n"
        "| Day | Open |\n"
        "| --- | --- |\n"
        "| Saturday | closed |\n"
        "| Sunday | 09:00-13:00, 14:00-18:00 |"
    )


def test_no_known_day_is_no_table():
    assert render_hours(parse_hours({}), "UTC") == ""


@pytest.mark.parametrize("text", ["00:00-24:00", "18:00-02:00", "09:00-12:00, 22:00-03:00"])
def test_a_day_may_last_all_day_or_past_midnight(text):
    assert format_day(parse_day(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "9-17", "09:00-25:00", "09:00-09:00", "09:00-13:00, 12:00-15:00",
     "22:00-02:00, 23:00-24:00", "09:00-10:00,", "24:00-25:00",
     ", ".join(["09:00-09:01"] * 7), "٠٩:٠٠-١٧:٠٠"],
)  # fmt: skip
def test_hours_that_mean_nothing_are_refused(text):
    with pytest.raises(BadHours):
        parse_day(text)


@given(st.text())
def test_any_text_is_hours_or_refused_and_hours_are_read_back(text):
    try:
        spans = parse_day(text)
    except BadHours:
        return
    assert parse_day(format_day(spans)) == spans


def test_a_day_without_spans_is_closed():
    assert parse_hours({"monday": "CLOSED"}) == (Day("Monday", ()),)
