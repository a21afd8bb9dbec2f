"""What the model's session holds: late echoes, none, older ones, and texts of a stranger."""

import pytest

from calls.domain import commands
from calls.domain.configuration import input_settings
from calls.domain.phases import Phase
from calls.domain.records import ForeignText, KnownBy, Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs


def test_an_echo_after_giving_up_is_late_and_is_believed() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.at(9.0)
    assert call.hear(b.echo(b.words(2).text)).receipts == [(2, Result.ACKNOWLEDGED_LATE)]
    assert call.hear(b.echo(b.words(2).text)).receipts == []
    assert call.session.updates.stamp().known_by is KnownBy.ORDER
    assert call.session.updates.stamp().revision == 2


def test_a_late_echo_leaves_what_was_sent_after_it_in_doubt() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.at(9.0)
    call.publish(b.notice(3))
    call.at(20.0)
    assert call.hear(b.echo(b.words(2).text)).receipts == [(2, Result.ACKNOWLEDGED_LATE)]
    stamp = call.session.updates.stamp()
    assert (stamp.known_by, stamp.revision) == (KnownBy.UNVERIFIED, 2)
    assert stamp.next_fingerprint == b.words(3).fingerprint
    call.hear(b.created("r1"))
    assert proofs.faults(call) == []


def test_settings_that_nobody_confirmed_make_no_doubt_of_the_words() -> None:
    call = b.talking()
    call.publish(b.notice(2, b.words(1).text, threshold=0.9))
    assert call.at(9.0).receipts == [(2, Result.UNVERIFIED)]
    stamp = call.session.updates.stamp()
    assert (stamp.known_by, stamp.next_fingerprint) == (KnownBy.ORDER, "")
    call.hear(b.created("r1"))
    assert proofs.faults(call) == []


def test_old_words_after_an_unverified_update_are_sent_and_never_called_unchanged() -> None:
    call = b.talking()
    call.publish(b.notice(2, "maybe in force", threshold=0.9))
    call.at(9.0)
    sent = call.publish(b.notice(3, b.words(1).text))
    (update,) = sent.to_model("session.update")
    assert sent.receipts == []
    assert update["session"]["instructions"] == b.words(1).text
    assert update["session"]["audio"]["input"]["turn_detection"]["threshold"] == 0.5


def test_an_answer_after_an_unverified_update_is_stamped_unverified() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.at(9.0)
    call.hear(b.echo(b.words(1).text))  # an earlier echo says nothing of the later update
    stamp = call.session.updates.stamp()
    assert (stamp.known_by, stamp.revision) == (KnownBy.UNVERIFIED, 1)
    assert stamp.next_fingerprint == b.words(2).fingerprint


def test_an_echo_of_newer_words_ends_the_wait_for_those_that_never_came() -> None:
    """The socket keeps its order: what was sent before was answered before, or never will be."""
    call = b.talking()
    call.publish(b.notice(2))
    call.at(9.0)  # sent twice, and given up
    call.publish(b.notice(3))
    assert call.hear(b.echo(b.words(3).text)).receipts == [(3, Result.ACKNOWLEDGED)]
    call.at(20.0)
    call.publish(b.notice(4))
    assert call.hear(b.echo(None)).receipts == [(4, Result.ACKNOWLEDGED_UNSEEN)]
    assert proofs.faults(call) == []


def test_an_older_echo_never_lowers_the_revision_of_words_that_stand() -> None:
    call = b.talking()
    call.publish(b.notice(2, b.words(1).text))
    call.hear(b.echo(b.words(1).text))
    assert call.session.updates.stamp().revision == 2


def test_words_of_a_stranger_are_what_is_in_force() -> None:
    call = b.talking()
    call.hear(b.echo("You are somebody else."))
    stamp = call.session.updates.stamp()
    assert stamp.known_by is KnownBy.UNVERIFIED
    assert stamp.fingerprint == b.hash_of("You are somebody else.")
    assert call.session.phase is Phase.TALKING


def test_the_row_of_a_call_tells_of_a_stranger_as_long_as_that_is_in_force() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    stranger = "You are somebody else."
    assert foreign(call.hear(b.echo(stranger))) == [b.hash_of(stranger)]
    assert foreign(call.hear(b.echo(stranger))) == []
    assert foreign(call.hear(b.echo(b.words(2).text))) == [""]
    call.hear(b.echo(stranger))
    assert foreign(call.lose()) == [""]


def foreign(sent: b.Sent) -> list[str]:
    rows = [command.row for command in sent.commands if isinstance(command, commands.Record)]
    return [row.fingerprint for row in rows if isinstance(row, ForeignText)]


def test_an_answer_between_update_and_echo_names_both_texts() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.created("r1"))
    call.hear(b.echo(b.words(2).text))
    stamp = call.hear(b.done("r1")).turns[0].stamp
    assert stamp is not None
    assert (stamp.known_by, stamp.revision) == (KnownBy.ORDER_IN_FLIGHT, 1)
    assert stamp.next_fingerprint == b.words(2).fingerprint


@pytest.mark.parametrize("fallen_to", [b.words(1).text, "You are somebody else."])
def test_a_session_that_falls_back_by_itself_is_sent_the_known_words_again(fallen_to: str) -> None:
    """With every setting: whether those went back with the text, the echo does not have to say."""
    call = b.talking()
    call.publish(b.notice(2, "newer", threshold=0.6))
    call.hear(b.echo("newer"))
    fell = call.hear(b.echo(fallen_to))
    assert "session.fell_back" in fell.logged
    (update,) = fell.model
    assert update["session"]["instructions"] == "newer"
    assert update["session"]["audio"]["input"]["turn_detection"]["threshold"] == 0.6
    assert set(update["session"]["audio"]["input"]) == set(input_settings(b.AGENT))
    assert update["session"]["tools"] == []
    assert call.hear(b.echo("newer")).receipts == []  # the revision has its receipt
    assert call.session.updates.stamp().revision == 2
    assert call.session.updates.stamp().known_by is KnownBy.ORDER


def test_a_session_that_cannot_hold_the_words_is_told_them_once() -> None:
    call = b.talking()
    call.publish(b.notice(2, "newer"))
    call.hear(b.echo("newer"))
    call.hear(b.echo("You are somebody else."))
    call.at(call.now + 9)  # sent again, and given up
    assert call.hear(b.echo("You are somebody else.")).model == []
    assert call.session.updates.stamp().known_by is KnownBy.UNVERIFIED


def test_a_session_that_held_the_words_again_is_sent_them_again_when_it_falls_back_anew() -> None:
    call = b.talking()
    call.publish(b.notice(2, "newer"))
    call.hear(b.echo("newer"))
    for _time in range(2):
        (update,) = call.hear(b.echo(b.words(1).text)).model
        assert update["session"]["instructions"] == "newer"
        call.hear(b.echo("newer"))
    assert proofs.faults(call) == []
