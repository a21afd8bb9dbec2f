"""In a page that runs from right to left, a value keeps its own order inside a sentence."""

from django.utils.translation import override

from prompts.bidi import ISOLATE, POP, apart, isolate


def test_texts_are_set_apart_and_numbers_stay_numbers() -> None:
    with override("he"):
        values = apart({"number": "+972501234567", "version": 3})
    assert values == {"number": f"{ISOLATE}+972501234567{POP}", "version": 3}


def test_a_page_from_left_to_right_needs_no_such_signs() -> None:
    with override("en"):
        assert isolate("+972501234567") == "+972501234567"


def test_nothing_is_set_apart_where_there_is_nothing() -> None:
    with override("he"):
        assert isolate("") == ""
