import pytest

from prompts.domain.spreadsheets import harmless


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("cell", ["", "a=1", "שלום", "{}", " =1", "'=1"])
def test_other_text_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_nothing_is_an_empty_cell() -> None:
    assert [harmless(None), harmless(7)] == ["", "7"]
