import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.difference import Block, Kind, compare, count_changes, fold, likeness

# Texts that share lines and words, as two versions of one prompt do.
TEXTS = st.lists(
    st.lists(
        st.sampled_from(["אנחנו", "פתוחים", "10:30", "and", "{{ address }}", "👩‍👧", "."])
    ).map(" ".join)
).map("\n".join)


def told(before: str, after: str) -> list[str]:
    """The runs of the blocks, in short: the words, with a sign for what became of them."""
    signs = {Kind.EQUAL: "", Kind.REMOVED: "-", Kind.ADDED: "+"}
    return [signs[run.kind] + run.text for block in compare(before, after) for run in block.runs]


@given(st.text() | TEXTS, st.text() | TEXTS)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    blocks = compare(before, after)
    for folded in (blocks, fold(blocks)):
        assert _joined(folded, Kind.ADDED) == before
        assert _joined(folded, Kind.REMOVED) == after
    assert (count_changes(blocks) == 0) == (before == after)


def _joined(blocks: tuple[Block, ...], but: Kind) -> str:
    return "".join(run.text for block in blocks for run in block.runs if run.kind is not but)


def test_a_changed_word_stands_between_the_unchanged_ones() -> None:
    assert told("We close at 17:00 today.\nBye.", "We close at 18:00 today.\nBye.") == [
        "We close at ",
        "-17:00",
        "+18:00",
        " today.\n",
        "Bye.",
    ]


def test_hebrew_words_and_points_are_not_split() -> None:
    assert told('שלום מצה"ל לכולם', 'שלום מצה"לים לכולם') == [
        "שלום ",
        '-מצה"ל',
        '+מצה"לים',
        " לכולם",
    ]


def test_unchanged_lines_are_blocks_of_their_own() -> None:
    blocks = compare("One.\nTwo.\nThree.", "One.\nTwo!\nThree.")
    assert [block.is_equal for block in blocks] == [True, False, True]


def test_lines_that_all_changed_a_little_are_compared_one_by_one() -> None:
    before = "\n".join(f"Rule {number} of the shop is to be kind." for number in range(100))
    blocks = compare(before, before.replace("kind", "fast"))
    assert count_changes(blocks) == 100


def test_a_rewritten_text_is_shown_whole_before_and_after() -> None:
    before = "You answer for a bakery. Say what is fresh."
    after = "Garage desk! Ask which car it is, then listen."
    assert told(before, after) == [f"-{before}", f"+{after}"]


def test_empty_lines_do_not_hold_a_rewritten_text_together() -> None:
    before = "You answer for a bakery.\n\nSay what is fresh.\n\nBe kind."
    after = "Garage desk!\n\nAsk which car it is.\nListen."
    assert told(before, after) == [f"-{before}", f"+{after}"]


def test_two_changes_far_apart_in_one_long_line_are_two_changes() -> None:
    words = [f"word{number}" for number in range(2000)]
    before = " ".join(words)
    blocks = compare(before, before.replace("word7 ", "seven ").replace("word1990 ", "late "))
    assert count_changes(blocks) == 2


def test_an_empty_line_more_is_one_small_change() -> None:
    assert told("One.\n\nTwo.", "One.\n\n\nTwo.") == ["One.\n\n", "+\n", "Two."]


def test_far_unchanged_lines_are_folded_and_near_ones_stay() -> None:
    before = "\n".join(f"Line {number}" for number in range(20))
    blocks = fold(compare(before, before.replace("Line 10", "Line ten")))
    assert [(block.folded, block.lines) for block in blocks if block.is_equal] == [
        (True, 8),
        (False, 2),
        (False, 2),
        (True, 7),
    ]


def test_likeness_goes_from_strangers_to_the_same() -> None:
    assert likeness("", "") == likeness("One and two.", "One and two.") == 1
    assert likeness("One and two.", "שלום") == 0
    assert 0.5 < likeness("One and two and three.", "One and two and four.") < 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pieces", [["a\n", "b\n"], ["a ", "b "], ["."], ["x. ", "y. "], ["\n"]])
def test_hostile_texts_do_not_stop_the_page(pieces: list[str]) -> None:
    dice = random.Random(1)  # the same texts in every run
    texts = ["".join(dice.choices(pieces, k=20_000))[:20_000] for _ in range(2)]
    assert compare(*texts)
