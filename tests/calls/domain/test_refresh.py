"""What a person asks to be sent again."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from calls.domain.flights import Notice
from calls.domain.records import Result, Route
from tests.calls.domain import builders as b

RECEIPT = UUID(int=99)


def asked(revision: int, text: str = "", *, force: bool = False, **more: Any) -> Notice:
    news = b.notice(revision, text, **more)
    return replace(news, route=Route.MANUAL, receipt_id=RECEIPT, force=force)


def ask(call: b.Call, notice: Notice) -> b.Sent:
    return b.Sent(call.session.refresh_asked(notice, call.now))


def test_the_revision_that_stands_is_found_unchanged_under_the_receipt_that_is_awaited() -> None:
    sent = ask(b.talking(), asked(1))
    assert (sent.model, sent.receipts) == ([], [(1, Result.UNCHANGED)])
    assert (sent.receipt.id, sent.receipt.route) == (RECEIPT, Route.MANUAL)


def test_force_sends_all_that_may_change_although_nothing_has() -> None:
    call = b.talking()
    (update,) = ask(call, asked(1, force=True)).to_model("session.update")
    assert update["session"]["instructions"] == b.words(1).text
    assert set(update["session"]["audio"]["input"]) > {"turn_detection", "noise_reduction"}
    receipt = call.hear(b.echo(b.words(1).text)).receipt
    assert (receipt.id, receipt.result) == (RECEIPT, Result.ACKNOWLEDGED)


def test_a_call_that_began_with_a_part_missing_is_given_the_whole_of_its_revision() -> None:
    call = b.talking(replace(b.configuration(1), missing="Its profile could not be read."))
    assert ask(call, asked(1, "whole words")).types == ["session.update"]
    assert call.session.known.is_whole
    receipt = call.hear(b.echo("whole words")).receipt
    assert (receipt.id, receipt.result, receipt.detail) == (RECEIPT, Result.ACKNOWLEDGED, "")


def test_a_refused_revision_is_tried_again() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.error("invalid_value", param="session.instructions"))
    assert ask(call, asked(2)).types == ["session.update"]
    assert call.hear(b.echo(b.words(2).text)).receipt.result is Result.ACKNOWLEDGED


def test_whoever_asks_for_a_revision_is_told_that_it_is_refused_again() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.error("invalid_value", param="session.instructions"))
    ask(call, asked(2))
    receipt = call.hear(b.error("invalid_value", param="session.instructions")).receipt
    assert (receipt.id, receipt.result) == (RECEIPT, Result.REFUSED)


def test_an_unverified_revision_is_tried_again_and_a_late_echo_believed() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.at(10)
    ask(call, asked(2))
    given_up = call.at(30).receipt
    assert (given_up.id, given_up.result) == (RECEIPT, Result.UNVERIFIED)
    assert call.hear(b.echo(b.words(2).text)).receipt.result is Result.ACKNOWLEDGED_LATE


def test_a_late_echo_of_what_was_asked_for_is_a_row_beside_the_one_that_was_awaited() -> None:
    call = b.talking()
    ask(call, asked(2))
    assert call.at(30).receipt.id == RECEIPT
    late = call.hear(b.echo(b.words(2).text)).receipt
    assert late.result is Result.ACKNOWLEDGED_LATE
    assert late.id != RECEIPT


def test_newer_words_than_those_that_were_read_for_it_are_not_taken_back() -> None:
    call = b.talking()
    call.publish(b.notice(3))
    call.hear(b.echo(b.words(3).text))
    sent = ask(call, asked(2))
    assert (sent.model, sent.receipts) == ([], [(3, Result.UNCHANGED)])


def test_one_that_waits_for_the_end_of_an_answer_gives_way_to_news() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    assert ask(call, asked(1, force=True)).commands == []
    overtaken = call.publish(b.notice(2)).receipt
    assert (overtaken.id, overtaken.result) == (RECEIPT, Result.SUPERSEDED)
    assert call.hear(b.done("r1")).types == ["session.update"]


def test_one_that_comes_while_the_same_words_are_on_their_way_waits_for_their_echo() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert ask(call, asked(2)).commands == []
    assert call.hear(b.echo(b.words(2).text)).receipts == [
        (2, Result.ACKNOWLEDGED),
        (2, Result.UNCHANGED),
    ]


def test_an_ended_call_is_sent_nothing() -> None:
    call = b.talking()
    call.hang_up()
    assert ask(call, asked(2, force=True)).commands == []
