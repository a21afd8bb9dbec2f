"""The model's socket is lost: the call goes on with another session, as if nothing had been."""

import pytest

from calls.domain import events, recovery
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from calls.domain.records import KnownBy, Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs
from tests.calls.domain.losses import (
    GREETED,
    QUESTION,
    answer,
    asked,
    connects,
    greeted,
    restore,
    told,
)

# The opening


@pytest.mark.parametrize("phase", [Phase.CONNECTING, Phase.CONFIGURING, Phase.GREETING])
def test_a_model_lost_in_the_opening_is_opened_again_and_greets_once(phase: Phase) -> None:
    call = b.configured() if phase is Phase.GREETING else b.Call()
    if phase is Phase.CONFIGURING:
        call.hear(events.SessionCreated())
    assert connects(call.lose()) == [recovery.PAUSES[0]]
    assert call.session.phase is Phase.CONNECTING
    (create,) = restore(call).model
    assert create["response"]["instructions"] == b.words(1).opening
    assert call.all.receipts == [(1, Result.ACKNOWLEDGED)]


def test_a_greeting_without_a_sound_is_spoken_by_the_next_session() -> None:
    call = b.configured()
    call.answers_create("r1")
    call.lose()
    (create,) = restore(call).to_model("response.create")
    assert create["response"]["instructions"] == b.words(1).opening
    assert proofs.faults(call) == []


def test_the_opening_has_no_more_time_than_it_had() -> None:
    call = b.configured()
    call.now = 2.0
    call.lose()
    end = call.at(4.5).end
    assert end is not None
    assert end.reason is EndReason.MODEL_UNREACHABLE


def test_a_greeting_of_which_something_was_heard_is_carried_on_and_not_repeated() -> None:
    call = b.configured()
    call.answers_create("greeting")
    call.hear(events.TranscriptDelta("greeting", "i", "Welcome to Harbor."))
    marks = call.hear(b.delta("greeting", 1600)).marks
    marks += call.lose().marks
    call.played(*marks)
    sent = restore(call)
    assert told(sent) == [("assistant", "Welcome to Harbor."), ("system", recovery.CUT_OFF)]
    (create,) = sent.to_model("response.create")
    assert "instructions" not in create["response"]


# The conversation


def test_between_turns_the_new_session_is_told_and_says_nothing() -> None:
    call = asked(greeted())
    marks = answer(call, "r1", "At nine.").marks + call.hear(b.done("r1")).marks
    call.played(*marks)
    assert connects(call.lose()) == [recovery.PAUSES[0]]
    sent = restore(call)
    assert told(sent) == [
        ("assistant", GREETED),
        ("user", QUESTION),
        ("assistant", "At nine."),
    ]
    assert sent.to_model("response.create") == []
    assert call.at(call.now + 30).model == []


def test_the_first_thing_the_new_session_gets_is_the_whole_configuration() -> None:
    call = greeted()
    call.publish(b.notice(2, voice="ash", model="another"))
    call.hear(b.echo(b.words(2).text))
    call.lose()
    (update,) = call.hear(events.SessionCreated()).model
    assert update["session"]["instructions"] == b.words(2).text
    assert update["session"]["audio"]["output"]["voice"] == "marin"  # the caller knows this one
    assert call.session.model == b.AGENT.model


def test_an_answer_that_broke_off_is_carried_on_once_what_there_is_was_heard() -> None:
    call = asked(greeted())
    marks = answer(call, "r1", "We open at nine in the").marks
    call.played(marks[0])
    marks += call.lose().marks
    sent = restore(call)
    assert told(sent) == [("assistant", GREETED), ("user", QUESTION)]
    assert call.at(call.now + 1).model == []
    call.played(*marks[1:])
    resumed = call.at(call.now + 0.01)
    assert told(call.all)[-2:] == [
        ("assistant", "We open at nine in the"),
        ("system", recovery.CUT_OFF),
    ]
    assert resumed.types[-1] == "response.create"
    turn = next(t for t in reversed(call.all.turns) if t.response_id == "r1")
    assert (turn.status, turn.heard_ms, turn.generated_ms) == ("lost", 400, 400)


def test_an_answer_that_had_not_begun_is_asked_for_again() -> None:
    call = asked(greeted())
    call.lose()
    sent = restore(call)
    assert told(sent)[-1] == ("user", QUESTION)
    (create,) = sent.to_model("response.create")
    assert "instructions" not in create["response"]
    call.answers_create("again")
    (turn,) = call.hear(b.done("again")).turns
    assert turn.stamp is not None
    assert (turn.stamp.fingerprint, turn.stamp.known_by) == (
        b.words(1).fingerprint,
        KnownBy.METADATA,
    )


@pytest.mark.parametrize("words", [None, ""])
def test_words_that_were_lost_with_the_session_are_asked_for(words: str | None) -> None:
    """The caller was speaking, or nobody wrote down what was said."""
    call = greeted()
    call.hear(b.speech("u1"))
    if words is not None:
        call.hear(events.InputCommitted("u1"))
    call.lose()
    assert told(restore(call))[-1] == ("system", recovery.NOT_HEARD)


def test_what_the_caller_was_saying_is_a_line_of_the_transcript() -> None:
    call = greeted()
    call.hear(b.speech("u1"))
    assert [(t.item_id, t.status) for t in call.lose().turns] == [("u1", "lost")]


def test_a_caller_who_speaks_first_has_the_word() -> None:
    """What was still owed is not said over the caller, nor is the note of it left behind."""
    call = asked(greeted())
    marks = answer(call, "r1", "We open at nine.").marks
    marks += call.lose().marks
    restore(call)
    cut = call.hear(b.speech("u2"))
    assert [m["event"] for m in cut.caller] == ["clear"]
    assert told(cut) == []  # nothing of the answer was heard
    call.played(*marks)
    assert call.at(call.now + 5).model == []


def test_what_was_cut_after_the_loss_is_told_as_far_as_it_was_heard() -> None:
    call = asked(greeted())
    marks = answer(call, "r1", "We open at nine.").marks + call.hear(b.done("r1")).marks
    call.lose()
    restore(call)
    call.played(marks[0])
    cut = call.hear(b.speech("u2"))
    assert told(cut) == [("assistant", "We open")]
    assert cut.types == ["conversation.item.create"]  # the old item is nothing the new one knows


def test_items_of_the_new_session_are_cut_there_as_ever() -> None:
    call = asked(greeted())
    call.lose()
    restore(call)
    call.answers_create("r2")
    marks = call.hear(b.delta("r2", 8000)).marks
    call.played(marks[0])
    assert call.hear(b.speech("u2")).types == ["response.cancel", "conversation.item.truncate"]


def test_a_loss_while_the_caller_interrupts_leaves_nothing_half_said() -> None:
    call = asked(greeted())
    answer(call, "r1", "We open at nine.")
    call.hear(b.speech("u2"))
    call.lose()
    assert told(restore(call))[-1] == ("system", recovery.NOT_HEARD)


def test_sound_waits_for_the_new_session_and_is_at_most_three_seconds() -> None:
    call = greeted()
    call.lose()
    for _ in range(200):
        assert call.frame(b.media()).commands == []
    call.hear(events.SessionCreated())
    assert call.frame(b.media()).commands == []
    sent = call.hear(b.echo(b.words(1).text))
    assert sent.types == ["conversation.item.create", *["input_audio_buffer.append"] * 150]
    assert call.frame(b.media()).types == ["input_audio_buffer.append"]


def test_the_caller_is_let_in_before_anything_is_asked_for() -> None:
    """So a caller who is still speaking is heard before we say that we heard nothing."""
    call = asked(greeted())
    call.lose()
    call.frame(b.media())
    types = restore(call).types
    assert types.index("input_audio_buffer.append") < types.index("response.create")


def test_nobody_speaks_in_the_new_session_before_the_words_are_confirmed() -> None:
    call = greeted()
    call.lose()
    call.hear(events.SessionCreated())
    assert call.hear(b.created("early")).types == ["response.cancel"]
    assert call.hear(b.speech("u9")).commands == []
    assert proofs.faults(call) == []


def test_history_is_bounded_and_the_newest_is_told() -> None:
    call = greeted()
    for number in range(100):
        asked(call, f"Question {number} " + "x" * 200)
        call.hear(b.speech(f"v{number}"))
    call.hear(b.created("r"))
    call.hear(b.done("r"))
    call.lose()
    lines = [words for role, words in told(restore(call)) if role == "user"]
    assert lines[-1].startswith("Question 99 ")
    assert sum(map(len, lines)) <= 8_000
