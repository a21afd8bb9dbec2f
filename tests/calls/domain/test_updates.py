"""What the model's side is told, when, and what becomes of it: one update at a time."""

import pytest
from msgspec.structs import replace

from calls.domain import commands, events
from calls.domain.reasons import EndReason
from calls.domain.records import ReceiptRecord, Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs


def test_a_publish_leaves_at_once_and_its_echo_is_the_receipt() -> None:
    call = b.talking()
    assert call.publish(b.notice(2)).types == ["session.update"]
    sent = call.hear(b.echo(b.words(2).text))
    receipt = sent.receipt
    assert (receipt.revision, receipt.result) == (2, Result.ACKNOWLEDGED)
    assert receipt.hash_sent == receipt.hash_echoed == b.words(2).fingerprint


def test_a_call_that_began_with_a_part_missing_takes_the_whole_of_the_same_revision() -> None:
    call = b.talking(replace(b.configuration(1), missing="Its profile could not be read."))
    assert call.publish(b.notice(0, "older words")).commands == []
    assert call.publish(b.notice(1, "whole words")).types == ["session.update"]
    receipt = call.hear(b.echo("whole words")).receipt
    assert (receipt.result, receipt.detail) == (Result.ACKNOWLEDGED, "")
    assert call.publish(b.notice(1, "other words")).commands == []
    first = next(row for row in call.all._rows() if isinstance(row, ReceiptRecord))
    assert first.detail == "Its profile could not be read."


@pytest.mark.parametrize("revision", [0, 1])
def test_an_echo_of_the_news_and_older_news_change_nothing(revision: int) -> None:
    call = b.talking()
    assert call.publish(b.notice(revision, "other words")).commands == []


def test_an_update_waits_for_the_end_of_the_answer_being_generated() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    assert call.publish(b.notice(2)).commands == []
    assert call.hear(b.done("r1")).types == ["session.update"]


def test_an_answer_that_is_only_still_playing_does_not_delay_an_update() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.delta("r1", 8000))
    call.hear(b.done("r1"))
    assert call.publish(b.notice(2)).types == ["session.update"]


def test_the_same_words_under_a_new_revision_are_unchanged() -> None:
    call = b.talking()
    sent = call.publish(b.notice(2, b.words(1).text))
    assert (sent.model, sent.receipts) == ([], [(2, Result.UNCHANGED)])
    call.hear(b.created("r1"))
    assert call.hear(b.done("r1")).turns[0].stamp.revision == 2  # type: ignore[union-attr]


def test_a_call_kept_on_its_version_says_held() -> None:
    sent = b.talking().publish(b.notice(2, b.words(1).text, held=True))
    assert (sent.model, sent.receipts) == ([], [(2, Result.HELD)])


def test_voice_and_model_wait_for_the_next_call() -> None:
    news = b.notice(2, b.words(1).text, voice="cedar", model="gpt-realtime-2.1-mini")
    assert b.talking().publish(news).receipts == [(2, Result.UNCHANGED)]


def test_a_change_of_settings_alone_carries_only_them() -> None:
    sent = b.talking().publish(b.notice(2, b.words(1).text, noise_reduction=""))
    (update,) = sent.to_model("session.update")
    assert update["session"] == {"type": "realtime", "audio": {"input": {"noise_reduction": None}}}


def test_an_idle_timeout_that_was_switched_off_is_cleared_by_name() -> None:
    call = b.talking(idle_timeout_ms=8000)
    (update,) = call.publish(b.notice(2, b.words(1).text)).to_model("session.update")
    assert update["session"]["audio"]["input"]["turn_detection"]["idle_timeout_ms"] is None


def test_words_equal_to_those_in_flight_wait_for_their_echo() -> None:
    call = b.talking()
    call.publish(b.notice(2, "new"))
    assert call.publish(b.notice(3, "new")).receipts == []
    sent = call.hear(b.echo("new"))
    assert sent.receipts == [(2, Result.ACKNOWLEDGED), (3, Result.UNCHANGED)]
    assert sent.model == []


def test_words_taken_back_before_they_left_are_superseded_and_nothing_is_sent() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.publish(b.notice(2, "wrong"))
    sent = call.publish(b.notice(3, b.words(1).text))
    assert sent.receipts == [(2, Result.SUPERSEDED), (3, Result.UNCHANGED)]
    assert call.hear(b.done("r1")).model == []


def test_an_update_is_sent_again_at_three_seconds_and_given_up_at_eight() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert call.at(2.9).commands == []
    again = call.at(3.0).to_model("session.update")
    assert again[0]["event_id"] == "update-3"
    assert call.at(7.9).commands == []
    given_up = call.at(8.0)
    assert given_up.receipts == [(2, Result.UNVERIFIED)]
    assert "session.unverified" in given_up.logged
    assert call.at(60.0).model == []


def test_a_very_late_clock_sends_again_and_gives_up_without_spinning() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.now = 30.0
    call.at(30.0)
    assert call.all.receipts[-1] == (2, Result.UNVERIFIED)


def test_a_slot_that_was_given_up_is_free_for_the_next_revision() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.publish(b.notice(3))
    assert [e["session"]["instructions"] for e in call.at(8.0).to_model("session.update")] == [
        b.words(2).text,
        b.words(3).text,
    ]


@pytest.mark.parametrize(
    "refusal",
    [
        b.error("whatever", "update-2"),
        b.error("invalid_value"),
        b.error("whatever", param="session.audio.input"),
    ],
)
def test_a_refused_update_changes_nothing_and_is_not_repeated(refusal: events.ModelError) -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert call.hear(refusal).receipts == [(2, Result.REFUSED)]
    assert call.at(60.0).model == []
    assert call.session.updates.stamp().revision == 1
    assert call.publish(b.notice(3)).types == ["session.update"]


@pytest.mark.parametrize(
    "other",
    [b.error("invalid_value", "truncate-1"), b.error("invalid_value", param="item_id")],
)
def test_an_error_about_something_else_refuses_no_update(other: events.ModelError) -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert call.hear(other).receipts == []
    assert call.hear(b.echo(b.words(2).text)).receipts == [(2, Result.ACKNOWLEDGED)]


def test_an_echo_that_differs_only_in_form_counts_and_is_flagged() -> None:
    call = b.talking()
    call.publish(b.notice(2, "caf\u00e9 \nopen"))
    receipt = call.hear(b.echo("cafe\u0301\r\nopen\n")).receipt
    assert (receipt.result, receipt.normalised) == (Result.ACKNOWLEDGED, True)


def test_an_echo_that_shows_no_words_is_an_unseen_acknowledgement() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    assert call.hear(b.echo(None)).receipts == [(2, Result.ACKNOWLEDGED_UNSEEN)]


def test_the_second_echo_of_a_doubled_sending_does_not_acknowledge_the_next_unseen() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.at(3.5)
    call.hear(b.echo(None))
    call.publish(b.notice(3))
    assert call.hear(b.echo(None)).receipts == []
    assert call.hear(b.echo(None)).receipts == [(3, Result.ACKNOWLEDGED_UNSEEN)]


def test_the_echo_after_a_refusal_is_that_of_the_next_update() -> None:
    """A refused update has no echo, so none is owed for it."""
    call = b.talking()
    call.publish(b.notice(2))
    (refused,) = call.all.to_model("session.update")[1:]
    call.hear(b.error("invalid_value", refused["event_id"]))
    call.at(5.0)
    call.publish(b.notice(3))
    assert call.hear(b.echo(None)).receipts == [(3, Result.ACKNOWLEDGED_UNSEEN)]
    assert proofs.faults(call) == []


def test_what_was_not_answered_when_the_call_ends_says_so() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.publish(b.notice(3))
    assert call.hang_up().receipts == [(2, Result.CALL_ENDED), (3, Result.CALL_ENDED)]


def test_a_thousand_publishes_keep_only_the_newest_texts() -> None:
    call = b.talking()
    for revision in range(2, 1002):
        call.publish(b.notice(revision))
        call.hear(b.echo(b.words(revision).text))
    assert len(call.session.updates._texts._configurations) <= 16
    assert call.session.updates.stamp().revision == 1001


def test_the_second_echo_of_the_same_words_does_not_acknowledge_the_next_settings() -> None:
    call, text = b.talking(), b.words(1).text
    call.publish(b.notice(2, text, threshold=0.6))
    call.at(3.5)
    assert call.hear(b.echo(text)).receipts == [(2, Result.ACKNOWLEDGED)]
    call.publish(b.notice(3, text, threshold=0.7))
    assert call.hear(b.echo(text)).receipts == []
    assert call.hear(b.echo(text)).receipts == [(3, Result.ACKNOWLEDGED)]


def test_an_update_that_nobody_answered_waits_for_the_end_of_an_answer_to_be_sent_again() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.created("r1"))
    assert call.at(3.5).to_model("session.update") == []
    assert len(call.hear(b.done("r1")).to_model("session.update")) == 1
    assert call.at(9.0).receipts == [(2, Result.UNVERIFIED)]


def test_a_call_that_our_side_ends_has_a_result_for_what_was_sent() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    end = commands.End(EndReason.INTERRUPTED, "The server stopped during the call.")
    stopped = b.Sent(call.session.stopped(end))
    assert stopped.receipts == [(2, Result.CALL_ENDED)]
    assert stopped.end == end
    assert call.session.stopped(end) == []
