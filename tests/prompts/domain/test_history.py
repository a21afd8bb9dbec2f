import pytest

from prompts.domain.history import Move, version_before


def moves(story: str) -> list[Move]:
    """``1 2 <1``: version 1, version 2, taken back to 1."""
    return [Move(int(step.strip("<")), step.startswith("<")) for step in story.split()]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("", None),
        ("1", None),
        ("1 2", 1),
        ("1 2 3", 2),
        ("1 2 3 <2", 1),
        ("1 2 3 <2 <1", None),
        ("1 2 <1 3", 1),
        ("1 1", None),
        ("1 2 1", 2),
    ],
)
def test_taking_back_goes_one_step_further_each_time(story, expected):
    assert version_before(moves(story)) == expected
