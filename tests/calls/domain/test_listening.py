"""The caller's turns: their words come whenever they like."""

from calls.domain.history import History
from calls.domain.listening import WAITING, Listening
from tests.calls.domain import builders as b


def listening() -> Listening:
    return Listening(b.numbered(), History())


def test_words_join_the_turn_that_was_committed() -> None:
    ear = listening()
    ear.started("u1", 3, 1.5)
    committed = ear.committed("u1", 2.0)
    heard = ear.transcribed("u1", "Hello.", failed=False)
    assert committed is not None
    assert heard is not None
    assert (heard.id, heard.position, heard.text) == (committed.id, 3, "Hello.")


def test_words_that_never_come_leave_a_turn_that_says_so() -> None:
    ear = listening()
    ear.started("u1", 1, 0.0)
    turn = ear.transcribed("u1", "", failed=True)
    assert turn is not None
    assert turn.status == "not_transcribed"


def test_an_item_that_nobody_spoke_is_no_turn() -> None:
    assert listening().committed("silence", 1.0) is None
    assert listening().transcribed("silence", "x", failed=False) is None


def test_turns_without_transcription_do_not_pile_up() -> None:
    ear = listening()
    for number in range(1000):
        ear.started(f"u{number}", number, 0.0)
        assert ear.committed(f"u{number}", 0.0) is not None
    assert len(ear._turns) == WAITING
