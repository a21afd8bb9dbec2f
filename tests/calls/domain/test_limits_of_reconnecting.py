"""The model's socket is lost, or says nothing: when the call is no longer held for it."""

import pytest

from calls.domain import commands, events, recovery
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from calls.domain.records import Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs
from tests.calls.domain.losses import (
    answer,
    asked,
    connects,
    greeted,
    restore,
)


def test_the_third_loss_in_a_row_is_the_end() -> None:
    call = greeted()
    for pause in recovery.PAUSES:
        assert connects(call.lose()) == [pause]
        restore(call)
    end = call.lose().end
    assert end is not None
    assert end.reason is EndReason.MODEL_LOST


def test_an_answer_that_is_being_generated_at_the_last_loss_is_lost() -> None:
    call = greeted()
    for _pause in recovery.PAUSES:
        call.lose()
        restore(call)
    answer(call, "r1", "It broke off.")
    assert [turn.status for turn in call.lose().turns] == ["lost", "lost"]
    assert proofs.faults(call, end=True) == []


def test_nobody_is_told_of_what_is_cut_by_the_last_loss() -> None:
    call = greeted()
    call.played(*answer(call, "r1", "It broke off.").marks[:1])
    for _pause in recovery.PAUSES:
        call.lose()
        restore(call)
    last = call.lose()
    assert last.end is not None
    assert last.model == []


def test_a_good_stretch_forgives_older_losses() -> None:
    call = greeted()
    for number in range(5):
        assert connects(call.lose()) == [recovery.PAUSES[0]], number
        restore(call)
        call.at(call.now + recovery.FORGIVEN_AFTER)


def test_a_session_that_does_not_stand_in_time_gives_the_fallback() -> None:
    call = greeted()
    lost_at = call.now
    call.lose()
    call.hear(events.SessionCreated())
    assert call.at(lost_at + 5.9).end is None
    end = call.at(lost_at + 6.0).end
    assert end is not None
    assert end.reason is EndReason.MODEL_LOST


def test_a_loss_before_the_new_session_stands_does_not_begin_the_time_anew() -> None:
    call = greeted()
    call.lose()
    call.at(4.0)
    assert connects(call.lose()) == [recovery.PAUSES[1]]
    end = call.at(6.0).end
    assert end is not None


def test_a_model_that_cannot_be_reached_again_gives_the_fallback() -> None:
    call = greeted()
    call.lose()
    end = call._kept(call.session.model_unreachable("Nobody there."))
    assert b.Sent(end.commands).end == commands.End(EndReason.MODEL_LOST, "Nobody there.")


def test_an_expired_session_is_left_at_once() -> None:
    call = greeted()
    assert connects(call.hear(b.error("session_expired"))) == [recovery.PAUSES[0]]
    assert call.session.phase is Phase.RECONNECTING


@pytest.mark.parametrize("answer_to_update", [b.error("invalid_value", "update-2"), b.echo("x")])
def test_words_that_the_new_session_does_not_confirm_are_not_spoken_under(
    answer_to_update: events.ServerEvent,
) -> None:
    call = greeted()
    call.lose()
    call.hear(events.SessionCreated())
    end = call.hear(answer_to_update).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED


def test_a_goodbye_that_breaks_off_is_heard_as_far_as_it_goes() -> None:
    call = b.talking(max_call_seconds=60)
    call.at(60.0)
    call.answers_create("bye")
    marks = call.hear(b.delta("bye", 4000)).marks
    lost = call.lose()
    assert connects(lost) == []
    assert call.publish(b.notice(2)).model == []  # there is no session to tell
    assert call.frame(b.media()).commands == []
    end = call.played(*marks, *lost.marks).end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_a_goodbye_that_never_began_ends_the_call() -> None:
    call = b.talking(max_call_seconds=60)
    call.at(60.0)
    end = call.lose().end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_a_caller_may_hang_up_while_the_model_is_away() -> None:
    call = greeted()
    call.lose()
    end = call.hang_up().end
    assert end is not None
    assert end.reason is EndReason.CALLER_HUNG_UP
    assert call.all.receipts == [(1, Result.ACKNOWLEDGED)]
    assert call.lose().commands == []


# Silence


def test_a_caller_who_gets_no_answer_is_asked_about_once_and_then_put_through() -> None:
    call = asked(greeted())
    assert call.at(7.9).model == []
    assert call.at(8.0).types == ["response.create"]
    end = call.at(13.0).end
    assert end is not None
    assert end.reason is EndReason.MODEL_FAILED


def test_an_answer_that_begins_ends_the_silence() -> None:
    call = asked(greeted())
    answer(call, "r1", "At nine.")
    call.hear(b.done("r1"))
    assert call.at(20.0).model == []
