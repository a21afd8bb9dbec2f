"""The time of a call is over: a goodbye that is heard, bounded, and withdrawn for the caller."""

from calls.domain.closing import GOODBYE
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from tests.calls.domain import builders as b


def closing() -> tuple[b.Call, b.Sent]:
    """A call whose goodbye is being spoken; and what was sent of it."""
    call = b.talking(max_call_seconds=60)
    (create,) = call.at(60.0).to_model("response.create")
    assert create["response"]["instructions"] == GOODBYE
    call.answers_create("bye")
    return call, call.hear(b.delta("bye", 4000))


def test_the_goodbye_is_heard_to_its_last_mark() -> None:
    call, sent = closing()
    marks = sent.marks + call.hear(b.done("bye")).marks
    assert call.played(*marks[:-1]).end is None
    end = call.played(marks[-1]).end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_the_goodbye_is_bounded() -> None:
    call, _ = closing()
    assert call.at(74.9).end is None
    end = call.at(75.0).end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_the_goodbye_is_withdrawn_when_the_caller_speaks_and_the_limit_stays() -> None:
    call, _ = closing()
    assert call.hear(b.speech()).types == ["response.cancel", "conversation.item.delete"]
    assert call.session.phase is Phase.TALKING
    assert call.hear(b.done("bye", "cancelled")).end is None
    end = call.at(75.0).end
    assert end is not None


def test_the_goodbye_waits_for_the_answer_being_generated() -> None:
    call = b.talking(max_call_seconds=60)
    call.at(59.0)
    call.hear(b.created("r1"))
    assert call.at(60.0).model == []
    assert call.hear(b.done("r1")).types == ["response.create"]


def test_a_goodbye_that_fails_ends_the_call_once_what_there_is_of_it_was_heard() -> None:
    call, sent = closing()
    failed = call.hear(b.done("bye", "failed", "server_error"))
    assert failed.end is None
    end = call.played(*sent.marks, *failed.marks).end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_a_goodbye_is_not_lost_to_an_answer_that_fails_before_it() -> None:
    call = b.talking(max_call_seconds=60)
    call.at(59.0)
    call.hear(b.created("r1"))
    call.at(60.0)
    (create,) = call.hear(b.done("r1", "failed", "server_error")).to_model("response.create")
    assert create["response"]["instructions"] == GOODBYE


def test_a_goodbye_that_nobody_answers_ends_the_call() -> None:
    call = b.talking(max_call_seconds=60)
    call.at(60.0)
    end = call.at(65.0).end
    assert end is not None
    assert end.reason is EndReason.MAX_LENGTH


def test_a_caller_who_hangs_up_during_the_goodbye_hung_up() -> None:
    call, _ = closing()
    end = call.hang_up().end
    assert end is not None
    assert end.reason is EndReason.CALLER_HUNG_UP


def test_the_caller_is_heard_during_the_goodbye() -> None:
    call, _ = closing()
    assert call.frame(b.media()).types == ["input_audio_buffer.append"]


def test_a_shorter_limit_holds_for_calls_in_progress() -> None:
    call = b.talking(max_call_seconds=600)
    call.publish(b.notice(2, b.words(1).text, max_call_seconds=60))
    assert call.session.deadline == 60.0
