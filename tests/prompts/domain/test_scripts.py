import pytest

from prompts.domain.scripts import count_letters, estimate_tokens, share_of_language


def test_letters_are_counted_by_script() -> None:
    assert count_letters("שלום, hello! مرحبا 12 😀") == {"Latin": 5, "Hebrew": 4, "Arabic": 5}
    assert count_letters("12:30 …") == {}


@pytest.mark.parametrize(
    ("text", "tag", "share"),
    [
        ("שלום", "he", 1),
        ("שלום", "he-IL", 1),
        ("שלום abcd", "he", 0.5),
        ("Hello", "he", 0),
        ("مرحبا", "ar", 1),
        ("123", "he", None),
        ("Hello", "xx", None),
    ],
)
def test_the_share_of_a_language(text: str, tag: str, share: float | None) -> None:
    assert share_of_language(text, tag) == share


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("Good day. " * 54, 100),  # 5.4 characters a token
        ("שלום לכם. " * 30, 100),  # 3.0
        ("صباح خير. " * 35, 100),  # 3.5
        ("שלום " * 30 + "Good " * 54, 100),  # in between, by letters
    ],
)
def test_tokens_are_estimated_by_script(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == pytest.approx(tokens, abs=1)
