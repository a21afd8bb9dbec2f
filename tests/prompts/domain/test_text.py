import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.text import Digest, canonical, is_storable, sha256


def test_only_line_ends_trailing_spaces_and_composition_change():
    assert canonical("  a \r\nb\t\rc\u0301  \n\n") == "  a\nb\nć"


@given(st.text())
def test_a_canonical_text_stays_as_it_is(text):
    once = canonical(text)
    assert canonical(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"])))
def test_words_are_never_touched(text):
    assert canonical(text) == unicodedata.normalize("NFC", text)


# Each took minutes while the text was scanned anew at every sign.
HUGE = {
    "spaces": "a" + " " * 300_000 + "b",
    "blank lines": "a" + " \n" * 100_000 + "b",
    "marks": "a" + "\u0315\u0300" * 150_000,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_text_is_read_once(name):
    once = canonical(HUGE[name])
    assert once[0] == "a"
    assert canonical(once) == once


def test_a_heap_of_marks_stays_as_it_was_typed_and_a_few_do_not():
    heap = "a" + "\u0315\u0300" * 16
    assert canonical(heap) == heap
    assert canonical("a\u0315\u0300") == "à\u0315"


def test_control_characters_and_broken_surrogates_cannot_be_stored():
    assert is_storable("tab\tand\nline, שלום")
    assert not any(is_storable(text) for text in ("\x00", "a\x1bb", "\ud800"))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("aé\U0001f600\n"))
def test_a_hash_that_goes_on_is_the_hash_of_the_whole(beginning, ending):
    digest = Digest(beginning)
    assert digest.and_then(ending) == sha256(beginning + ending)
    assert digest.and_then("") == sha256(beginning)
