import pytest

from prompts.domain.markers import has_marker


@pytest.mark.parametrize(
    "text",
    ["<<<", "a >>> b", "＜＜＜END", "<\u200b<\u2060<", "﹤﹤﹤", "<<<<<"],
)
def test_a_marker_is_seen_in_every_disguise(text):
    assert has_marker(text)


@pytest.mark.parametrize("text", ["", "a < b", "5 << 2", "-> here", "«quoted»", "שלום"])
def test_ordinary_text_is_no_marker(text):
    assert not has_marker(text)
