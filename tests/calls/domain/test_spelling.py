"""How people write what they look for."""

import pytest

from calls.domain.spelling import (
    Excerpt,
    Fault,
    NoNumber,
    Sought,
    find_excerpt,
    number_sought,
    spellings_of,
    words_sought,
)


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("+972 50-123 4567", Sought(whole="+972501234567")),
        ("0097250 1234567", Sought(whole="+972501234567")),
        ("050 123 45 67", Sought(ending="501234567")),
        ("0123", Sought(ending="0123")),
        ("(555) 0123", Sought(ending="5550123")),
        ("CA" + "a" * 32, Sought(call_sid="CA" + "a" * 32)),
    ],
)
def test_a_number_leads_somewhere(typed: str, sought: Sought) -> None:
    assert number_sought(typed) == sought


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("05o1234567", Fault.LETTERS),
        ("+", Fault.LETTERS),
        ("---", Fault.LETTERS),
        ("12", Fault.TOO_SHORT),
        ("1" * 16, Fault.TOO_LONG),
    ],
)
def test_what_is_no_number_says_why(typed: str, fault: Fault) -> None:
    with pytest.raises(NoNumber) as raised:
        number_sought(typed)
    assert raised.value.fault is fault


def test_words_lose_what_nobody_sees() -> None:
    assert words_sought(" two   words ") == "two words"
    assert words_sought("תור\u200f") == "תור"
    assert words_sought("  \u200f ") == ""


def test_words_are_spelled_with_and_without_capitals() -> None:
    assert set(spellings_of("éTÉ")) == {"éTÉ", "été", "ÉTÉ", "Été"}


def test_an_excerpt_keeps_whole_words_around_what_was_found() -> None:
    assert find_excerpt("I said Yes.", "yes") == Excerpt("I said ", "Yes", ".")
    long = find_excerpt("word " * 40 + "needle" + " word" * 40, "needle")
    assert long is not None
    assert long.before.startswith("… word ")
    assert long.after.endswith("word …")
    assert len(long.before) < 70
    assert find_excerpt("hay", "needle") is None
