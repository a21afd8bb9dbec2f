import pytest

from calls.domain.callers import caller_number
from prompts.domain.kinds import Direction

OURS, THEIRS = "+15005550101", "+972501234567"


def test_the_caller_is_the_other_end_of_the_line() -> None:
    inbound = caller_number(Direction.INBOUND, from_number=THEIRS, to_number=OURS)
    outbound = caller_number(Direction.OUTBOUND, from_number=OURS, to_number=THEIRS)
    assert inbound == outbound == THEIRS


@pytest.mark.parametrize(
    "withheld",
    ["", "anonymous", "Restricted", "+266696687", "+7378742833", "sip:+15005550199@example.com"],
)
def test_who_withholds_the_number_has_none(withheld: str) -> None:
    assert caller_number(Direction.INBOUND, from_number=withheld, to_number=OURS) == ""
