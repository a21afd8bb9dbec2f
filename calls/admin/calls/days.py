"""A day in a form: chosen from the browser's calendar, or written."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SPELLINGS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
YEARS = range(2000, 2100)


class DayInput(forms.DateInput):
    """The browser's calendar; what is no day stands as text, because a calendar would hide it."""

    def format_value(self, value: Any) -> str | None:
        """A day as calendars take it, anything else as it was typed."""
        day = value if isinstance(value, date) else parse_day(value or "")
        return day.isoformat() if day else value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Choose the kind of input by what it has to show."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = "date" if not shown or parse_day(shown) else "text"
        return context


class DayField(forms.DateField):
    """A day on which there may have been calls."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """The day, or a sentence that repeats what was typed."""
        if value in self.empty_values:
            return None
        day = parse_day(value)
        if day is None or day.year not in YEARS:
            raise ValidationError(
                _("“%(typed)s” is no day of the calendar. Write one such as 2026-11-20."),
                params={"typed": value},
            )
        return day


def parse_day(typed: str) -> date | None:
    """The day that somebody wrote, the year first or last; None when there is no such day."""
    for spelling in SPELLINGS:
        try:
            return datetime.strptime(typed.strip(), spelling).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None
