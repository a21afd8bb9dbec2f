"""Receipts: one for each revision, with its hashes and its times."""

import pytest

from calls.domain.records import KnownBy, ReceiptRecord, Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

STRANGER = "You are somebody else."


def receipt_of(sent: b.Sent, revision: int) -> ReceiptRecord:
    return next(
        row
        for command in sent.commands
        if isinstance(row := getattr(command, "row", None), ReceiptRecord)
        and row.revision == revision
    )


def altered() -> b.Call:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.echo(STRANGER))
    return call


def test_an_altered_echo_leaves_its_hash_when_the_update_is_given_up() -> None:
    receipt = receipt_of(altered().at(9.0), 2)
    assert receipt.result is Result.UNVERIFIED
    assert receipt.hash_sent == b.words(2).fingerprint
    assert receipt.hash_echoed == b.hash_of(STRANGER)


def test_an_altered_echo_leaves_its_hash_when_the_call_ends_first() -> None:
    receipt = receipt_of(altered().hang_up(), 2)
    assert (receipt.result, receipt.hash_echoed) == (Result.CALL_ENDED, b.hash_of(STRANGER))


def test_the_right_echo_after_an_altered_one_is_the_receipt() -> None:
    receipt = receipt_of(altered().hear(b.echo(b.words(2).text)), 2)
    assert receipt.result is Result.ACKNOWLEDGED
    assert receipt.hash_echoed == receipt.hash_sent


def test_answers_after_an_altered_echo_stand_under_what_was_really_in_force() -> None:
    call = altered()
    call.hear(b.created("r1"))
    stamp = call.hear(b.done("r1")).turns[0].stamp
    assert stamp is not None
    assert (stamp.known_by, stamp.fingerprint) == (KnownBy.UNVERIFIED, b.hash_of(STRANGER))
    call.hang_up()
    assert proofs.faults(call, end=True) == []


def test_the_times_are_those_of_commit_arrival_sending_and_echo() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.now = 10.0
    call.publish(b.notice(2, at=10.0))
    call.now = 11.0
    call.hear(b.done("r1"))
    call.now = 12.0
    receipt = call.hear(b.echo(b.words(2).text)).receipt
    times = (receipt.committed, receipt.received, receipt.sent, receipt.acknowledged)
    assert times == (10.0, 10.0, 11.0, 12.0)


def test_what_was_not_sent_has_neither_hash_nor_time_of_sending() -> None:
    sent = b.talking().publish(b.notice(2, b.words(1).text))
    assert sent.receipt.result is Result.UNCHANGED
    assert sent.receipt.hash_sent == ""
    assert sent.receipt.sent is sent.receipt.acknowledged is None


@pytest.mark.parametrize(
    ("how", "result"),
    [
        (lambda call: call.hear(b.echo(b.words(2).text)), Result.ACKNOWLEDGED),
        (lambda call: call.hear(b.echo(None)), Result.ACKNOWLEDGED_UNSEEN),
        (lambda call: call.hear(b.error("invalid_value", "update-2")), Result.REFUSED),
        (lambda call: call.at(9.0), Result.UNVERIFIED),
        (lambda call: call.hang_up(), Result.CALL_ENDED),
    ],
)
def test_every_way_an_update_can_go_has_its_result(how, result: Result) -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert receipt_of(how(call), 2).result is result
    call.hang_up()
    assert proofs.faults(call, end=True) == []


def test_an_answer_to_a_request_that_was_given_up_stands_under_its_own_words() -> None:
    call = b.configured()
    call.answers_create("greeting")
    call.played(*call.hear(b.delta("greeting", 1600)).marks)
    call.hear(b.done("greeting", "failed", "server_error"))
    create = call.create_id()  # once more
    call.at(call.now + 5.5)
    turns = call.hear(b.created("late", voiceagent_request=create)).turns
    turns += call.hear(b.done("late")).turns
    stamp = turns[-1].stamp
    assert stamp is not None
    assert stamp.fingerprint == b.hash_of(b.words(1).opening)
    assert stamp.base_fingerprint == b.words(1).fingerprint
    call.hang_up()
    assert proofs.faults(call, end=True) == []
