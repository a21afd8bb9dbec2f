"""The life of a call as a table."""

import pytest

from calls.domain.errors import UnexpectedEvent
from calls.domain.phases import MOVES, Phase, move


def test_every_phase_but_the_last_may_end() -> None:
    for phase in Phase:
        assert (Phase.ENDED in MOVES[phase]) is (phase is not Phase.ENDED)


def test_a_move_that_the_table_does_not_have_is_our_own_misuse() -> None:
    with pytest.raises(UnexpectedEvent, match="from ended to talking"):
        move(Phase.ENDED, Phase.TALKING)
