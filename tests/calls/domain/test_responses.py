"""Which words were probably heard, and whose answer it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.domain.responses import Purpose, Responses, Wish, heard_part
from tests.calls.domain import builders as b


@pytest.mark.parametrize(
    ("heard", "words"),
    [(0, ""), (100, "one two three four"), (50, "one two"), (39, "one two"), (30, "one")],
)
def test_the_words_heard_are_the_share_of_sound_cut_at_a_word(heard: int, words: str) -> None:
    assert heard_part("one two three four", heard, 100) == words


def test_no_sound_is_no_words_heard() -> None:
    assert heard_part("never spoken", 0, 0) == ""


@given(st.text(), st.integers(0, 1000), st.integers(0, 1000))
def test_what_was_heard_is_the_beginning_of_what_was_said(
    text: str, heard: int, generated: int
) -> None:
    assert text.startswith(heard_part(text, heard, generated))


def test_a_waiting_goodbye_gives_way_to_nothing() -> None:
    responses = Responses(b.numbered())
    goodbye = Wish(Purpose.GOODBYE, 9.0, "Bye.")
    responses.want(Wish(Purpose.RETRY, 9.0))
    responses.want(goodbye)
    responses.want(Wish(Purpose.RETRY, 9.0))
    assert responses.wish is goodbye
