import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.kinds import Direction
from prompts.domain.opening import GREETING_LIMIT, LIMIT, build_opening, cut


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 80, "Short."),
        ("One. Two. Three and more.", 12, "One. Two."),
        ("One! Two? Three…", 9, "One! Two?"),
        ("מה שלומך? אני כאן. נדבר מחר בבוקר", 20, "מה שלומך? אני כאן."),
        ("בראשית ברא׃ ויהי ערב ויהי בקר", 14, "בראשית ברא׃"),
        ("كيف حالك؟ أنا هنا معك دائما", 12, "كيف حالك؟"),
        ("یہ ایک جملہ ہے۔ دوسرا جملہ یہاں ہے", 18, "یہ ایک جملہ ہے۔"),
        ("A title\nA long line without a mark", 20, "A title"),
        ('He said "yes." Then he left us all.', 20, 'He said "yes."'),
        ("Call Dr. Cohen about 3.5 percent today", 21, "Call Dr. Cohen about"),
        ("See www.example.com for more of it", 22, "See www.example.com"),
        ("Incomprehensibilities", 10, ""),
        ("First. Second", 6, "First."),
    ],
)
def test_a_cut_falls_at_a_sentence_or_else_at_a_word(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(st.sampled_from("ab .!?\n״”؟שم3")), st.integers(0, 60))
def test_a_cut_fits_and_never_splits_a_word(text, limit):
    head = cut(text, limit)
    assert len(head) <= limit
    whole = text.strip()
    assert whole.startswith(head)
    following = whole[len(head) : len(head) + 1]
    assert not head or not following or following.isspace() or head[-1] in ".!?؟”״"


def opening(greeting="Hello, Bloom here.", prompt="You are Dana. " * 100, name="Bloom", **changes):
    values = {
        "business_id": 7,
        "business_name": name,
        "direction": Direction.INBOUND,
        "language": "he",
        "greeting": greeting,
        "prompt": prompt,
    }
    return build_opening(**(values | changes))


def test_the_greeting_stands_word_for_word_on_a_line_of_its_own():
    assert "Hello, Bloom here." in opening().splitlines()


def test_who_speaks_the_direction_the_language_and_the_isolation_are_named():
    text = opening()
    assert "Bloom (business 7) and for nobody else" in text
    assert "The customer called the business" in text
    assert "Hebrew" in text
    assert "nothing from any other business or call" in text
    assert "The business called the customer" in opening(direction=Direction.OUTBOUND)


def test_without_a_greeting_the_prompt_is_cut_at_a_sentence():
    text = opening(greeting="")
    assert text.endswith("You are Dana.")
    assert 600 <= len(text) <= LIMIT


def test_the_longest_greeting_and_name_still_fit_whole():
    greeting = "ש" * GREETING_LIMIT
    text = opening(greeting=greeting, name="N" * 80, business_id=10**9, language="zh-Hant-TW")
    assert greeting in text.splitlines()
    assert len(text) <= LIMIT


@given(st.text(max_size=1500).map(lambda text: re.sub(r"\s+", " ", text)))
def test_an_opening_is_never_too_long(prompt):
    assert len(opening(prompt=prompt)) <= LIMIT
