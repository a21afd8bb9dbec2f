import pytest

from prompts.domain.fallback import build_fallback


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", "en"), ("he-IL", "he-IL"), ("ar", "ar"), ("fr", "en")]
)
@pytest.mark.parametrize("number", ["", "+15005550101"])
def test_there_are_always_words_in_a_language_that_fits_them(language, spoken, number):
    fallback = build_fallback(words=" ", number=number, language=language)
    assert fallback.words.strip()
    assert (fallback.language, fallback.number) == (spoken, number)


def test_the_businesss_own_words_are_spoken_in_its_own_language():
    assert build_fallback(words="Désolé.", number="", language="fr").language == "fr"


def test_nobody_is_told_to_hold_when_there_is_nowhere_to_go():
    held = build_fallback(words="", number="+15005550101", language="en").words
    ended = build_fallback(words="", number="", language="en").words
    assert "hold on" in held
    assert "hold on" not in ended
    assert "goodbye" in ended
