"""The detail of an end is read in the reader's language, whatever it was written in."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

import calls
from calls.models import Call
from calls.models.details import WITH_A_VALUE, WRITTEN, in_words

ROOT = Path(calls.__file__).parent
HOME = ROOT / "models" / "details.py"
WITH_VALUES = [
    ("The model failed: server_error.", "שירות הקול נכשל: \u2068server_error\u2069."),
    (
        "The model's socket closed with code 1006.",
        "החיבור לשירות הקול נסגר עם קוד \u20681006\u2069.",
    ),
]


@pytest.fixture(scope="module")
def texts() -> str:
    """All literals of the calls, parts of f-strings included."""
    files = [one for one in ROOT.rglob("*.py") if one != HOME and "simulator" not in one.parts]
    nodes = (node for one in files for node in ast.walk(ast.parse(one.read_text())))
    return "\n".join(n.value for n in nodes if isinstance(n, ast.Constant) and type(n.value) is str)


@pytest.mark.parametrize("sentence", [*WRITTEN, *WITH_A_VALUE])
def test_each_sentence_is_still_written_and_has_its_hebrew(sentence: str, texts: str) -> None:
    before, _, rest = sentence.partition("%(")
    assert before in texts
    assert rest.partition(")s")[2].removesuffix(".") in texts
    with override("he"):
        assert in_words(before + "1" + rest.partition(")s")[2] if rest else before) != sentence
        assert any("\u05d0" <= letter <= "\u05ea" for letter in in_words(sentence))


@pytest.mark.parametrize(("written", "read"), WITH_VALUES)
def test_values_in_a_sentence_keep_their_order(written: str, read: str) -> None:
    with override("he"):
        assert in_words(written) == read
    with override("en"):
        assert in_words(written) == written


def test_a_detail_in_words_of_others_is_shown_as_it_is() -> None:
    with override("he"):
        assert in_words("They asked for Dana.") == "\u2068They asked for Dana.\u2069"
        assert in_words("") == ""
        assert Call(end_detail="The business is switched off.").detail == "העסק כבוי."
