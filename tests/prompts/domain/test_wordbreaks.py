import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.wordbreaks import split_words


@pytest.mark.parametrize(
    "word",
    [
        "שָׁלוֹם",  # points stand on their letters
        'צה"ל',
        "ארה״ב",
        "ג'ירפה",
        "וכו'",
        "don't",
        "e\u0301te\u0301",
        "10:30",
        "03-555-0100",
        "{{ business_name }}",
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇮🇱",
        "❤\ufe0f",
        "می\u200cخواهم",  # a joiner between the letters of one Persian word
    ],
)
def test_a_word_stays_whole(word: str) -> None:
    assert split_words(f"x {word} y") == ["x", " ", word, " ", "y"]


def test_signs_spaces_and_line_ends_stand_alone() -> None:
    assert split_words("Yes, do.\n\n“No”") == [
        *("Yes", ",", " ", "do", ".", "\n", "\n"),
        *("“", "No", "”"),
    ]


def test_two_flags_are_two_signs() -> None:
    assert split_words("🇮🇱🇺🇸") == ["🇮🇱", "🇺🇸"]


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert "".join(split_words(text)) == text
