"""A reason stays for ever: it holds nothing that nobody sees, and nothing that nobody may know."""

import pytest

from prompts.validation import reason_faults

RIGHT_TO_LEFT_OVERRIDE = "\u202e"
KEY = "sk-proj-" + "a1B2c3D4" * 5


@pytest.mark.parametrize(
    "reason", ["New prices", "מחירים חדשים: עד 20% הנחה ✂️", "One line.\nAnother.", "v\u200fמ 12"]
)
def test_what_people_write_is_a_reason(reason: str) -> None:
    assert reason_faults(reason) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (" ", "Say in a few words"),
        ("a\0b", "holds a control character"),
        (f"a{RIGHT_TO_LEFT_OVERRIDE}b", "signs that nobody can see"),
        (f"The key is {KEY}", "looks like a secret"),
        ("x" * 1001, "At most 1000 characters"),
    ],
)
def test_what_may_not_stand_there_is_named_in_one_sentence(reason: str, words: str) -> None:
    (sentence,) = reason_faults(reason)
    assert words in str(sentence)
    assert KEY not in str(sentence)
