"""The conversation: answers, interruptions, refused and failed answers, and errors."""

import pytest

from calls.domain import events
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

BUSY = "conversation_already_has_active_response"


def answering(size: int = 8000) -> tuple[b.Call, b.Sent]:
    """A call in which the model speaks an answer of so many bytes."""
    call = b.talking()
    call.hear(b.created("r1"))
    return call, call.hear(b.delta("r1", size))


def test_an_interruption_clears_cancels_and_truncates_at_what_was_heard() -> None:
    call, sent = answering()
    call.played(sent.marks[0])
    cut = call.hear(b.speech())
    assert [m["event"] for m in cut.caller] == ["clear"]
    assert cut.types == ["response.cancel", "conversation.item.truncate"]
    assert cut.model[1]["audio_end_ms"] == 200
    assert cut.turns[0].interrupted


def test_an_answer_of_which_nothing_was_heard_is_deleted() -> None:
    call, _ = answering()
    assert call.hear(b.speech()).types == ["response.cancel", "conversation.item.delete"]


def test_an_answer_that_is_generated_and_still_playing_is_cut_without_a_cancel() -> None:
    call, _ = answering()
    call.hear(b.done("r1"))
    cut = call.hear(b.speech())
    assert [m["event"] for m in cut.caller] == ["clear"]
    assert cut.types == ["conversation.item.delete"]


def test_nothing_is_cleared_when_all_was_heard() -> None:
    call, sent = answering(1602)
    marks = sent.marks + call.hear(b.done("r1")).marks
    call.played(*marks)
    assert call.hear(b.speech()).caller == []


def test_the_late_sound_of_a_dead_answer_is_dropped_and_its_items_are_forgotten() -> None:
    call, _ = answering()
    call.hear(b.speech())
    assert call.hear(b.delta("r1", 800)).commands == []
    assert call.hear(b.delta("r1", 800, "second")).commands == []
    forgotten = call.hear(b.done("r1", "cancelled")).to_model("conversation.item.delete")
    assert [event["item_id"] for event in forgotten] == ["second"]


def test_several_items_of_one_answer_are_cut_each_where_it_was_heard() -> None:
    call, sent = answering(1602)
    marks = sent.marks + call.hear(events.AudioDone("r1", "item-r1")).marks
    marks += call.hear(b.delta("r1", 4000, "second")).marks
    call.played(*marks[:2])
    cut = call.hear(b.speech())
    assert [(e["item_id"], e["audio_end_ms"]) for e in cut.model[1:]] == [("second", 200)]
    rows = {row.response_id: row for row in call.all.turns}
    assert rows["r1"].heard_ms == (1602 + 1602) // 8


def test_the_transcript_says_what_was_generated_and_what_was_heard() -> None:
    call, sent = answering(3204)
    call.hear(events.TranscriptDelta("r1", "item-r1", "We open at nine and close at five."))
    call.played(sent.marks[0])
    (turn,) = call.hear(b.speech()).turns
    assert turn.text == "We open at nine and close at five."
    assert turn.heard == "We open at nine"
    assert (turn.generated_ms, turn.heard_ms) == (400, 200)


def test_sound_and_ends_of_answers_that_never_began_change_nothing() -> None:
    call = b.talking()
    assert call.hear(b.delta("r9", 800)).commands == []
    assert call.hear(b.done("r9")).commands == []
    assert call.hear(events.AudioDone("r9", "i9")).commands == []


def test_a_truncation_that_we_did_not_ask_for_is_ignored() -> None:
    call, _ = answering()
    text = '{"type":"conversation.item.truncated","item_id":"item-r1","audio_end_ms":3}'
    assert call.hear(events.parse_event(text)).commands == []


def test_empty_sound_leaves_no_trace() -> None:
    call, _ = answering(0)
    call.hear(b.done("r1"))
    assert call.session.responses.rest() == []


def test_a_doubled_beginning_is_one_answer() -> None:
    call, _ = answering()
    assert call.hear(b.created("r1")).commands == []
    assert len({turn.id for turn in call.hear(b.done("r1")).turns}) == 1


def test_a_failed_answer_is_asked_for_once_more() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    assert call.hear(b.done("r1", "failed", "server_error")).types == ["response.create"]
    call.answers_create("r2")
    end = call.hear(b.done("r2", "failed", "server_error")).end
    assert end is not None
    assert end.reason is EndReason.MODEL_FAILED


def test_a_second_try_that_nobody_answers_ends_in_the_fallback() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.done("r1", "failed", "server_error"))
    end = call.at(5.0).end
    assert end is not None
    assert end.reason is EndReason.MODEL_FAILED


def test_a_second_try_is_withdrawn_when_the_caller_speaks() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.done("r1", "failed", "server_error"))
    call.hear(b.speech())
    assert call.answers_create("r2").types == ["response.cancel"]
    assert call.hear(b.delta("r2", 800)).commands == []


@pytest.mark.parametrize("code", ["insufficient_quota", "invalid_api_key"])
def test_a_fatal_code_ends_the_call(code: str) -> None:
    for event in (b.error(code), b.done("r1", "failed", code)):
        call, _ = answering()
        end = call.hear(event).end
        assert end is not None
        assert end.reason is EndReason.MODEL_FAILED


@pytest.mark.parametrize(
    "code",
    [
        "response_cancel_not_active",
        BUSY,
        "input_audio_buffer_commit_empty",
        "item_truncate_invalid_item_id",
        "unsupported_content_type",
        "invalid_tool_call_id",
        "cannot_update_voice",
        "server_error",
        "",
    ],
)
def test_benign_codes_never_end_a_call(code: str) -> None:
    call, _ = answering()
    assert call.hear(b.error(code)).end is None
    assert call.hear(b.error(code, "truncate-x")).end is None


@pytest.mark.parametrize("named", [True, False])
def test_a_create_that_came_too_late_waits_for_the_end_of_the_answer(named: bool) -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.done("r1", "failed", "server_error"))
    call.hear(b.created("vad"))
    assert call.hear(b.error(BUSY, call.create_id() if named else "")).model == []
    assert call.hear(b.done("vad")).types == ["response.create"]


def test_a_create_refused_by_an_answer_that_we_do_not_see_is_not_hammered() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.done("r1", "failed", "server_error"))
    assert call.hear(b.error(BUSY, call.create_id())).model == []
    assert call.at(0.9).model == []
    assert call.at(1.0).types == ["response.create"]


def test_the_vad_does_not_take_the_name_of_a_repeated_greeting() -> None:
    call = b.configured()
    call.answers_create("r1")
    call.hear(b.done("r1", "failed", "server_error"))
    call.hear(b.created("vad"))
    assert call.session.responses.request is not None


def test_an_answer_that_comes_after_nobody_waits_for_it_is_cancelled() -> None:
    call = b.talking()
    late = b.created("r2", voiceagent_request="create-0")
    assert call.hear(late).types == ["response.cancel"]


def test_nothing_follows_the_end() -> None:
    call, sent = answering()
    call.hang_up()
    for event in (b.delta("r1", 800), b.done("r1"), b.speech(), b.echo("x"), b.error("x")):
        assert call.hear(event).commands == []
    assert call.played(*sent.marks).commands == []
    assert call.publish(b.notice(9)).commands == []
    assert call.frame(b.media()).commands == []
    assert call.hang_up().commands == []
    assert call.session.phase is Phase.ENDED


def test_what_was_partly_heard_when_the_caller_hangs_up_is_told() -> None:
    call, sent = answering(1602)
    call.played(*sent.marks)
    (turn,) = call.hang_up().turns
    assert turn.heard_ms == 200


def test_a_call_of_a_thousand_answers_keeps_nothing_of_them() -> None:
    call = b.talking()
    for number in range(1000):
        call.hear(b.speech(f"u{number}"))
        call.hear(b.created(f"r{number}"))
        marks = call.hear(b.delta(f"r{number}", 3000)).marks
        marks += call.hear(b.done(f"r{number}")).marks
        if number % 2:
            call.played(*marks)
    call.hear(b.speech("last"))
    assert call.session.responses.rest() == []
    assert not call.session.playback._items
    assert not call.session.playback._marks


def test_a_model_that_never_returns_names_is_still_understood_when_an_answer_is_repeated() -> None:
    call = b.configured()
    call.hear(b.created("greeting"))
    call.hear(b.done("greeting"))
    call.hear(b.created("r1"))
    assert call.hear(b.done("r1", "failed", "server_error")).types == ["response.create"]
    call.hear(b.created("r2"))
    call.hear(b.delta("r2", 1600))
    assert call.at(call.now + 10.0).end is None


def test_a_repeated_greeting_without_a_name_stands_under_its_own_text() -> None:
    call = b.configured()
    call.hear(b.created("first"))
    call.hear(b.done("first", "failed", "server_error"))
    call.hear(b.created("second"))
    (turn,) = call.hear(b.done("second")).turns
    assert turn.stamp is not None
    assert turn.stamp.fingerprint == b.hash_of(call.session.known.instructions.opening)


def test_an_answer_that_never_ends_is_given_up_and_asked_for_once_more() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.publish(b.notice(2, "newer"))
    stopped = call.at(call.now + 20.0)
    assert stopped.types == ["response.cancel", "session.update"]
    call.hear(b.echo("newer"))
    assert call.hear(b.delta("r1", 1600)).caller == []


def test_an_answer_that_was_given_up_stays_so_whatever_comes_of_it_later() -> None:
    call, _sent = answering()
    (given_up,) = call.at(call.now + 20.0).turns
    assert given_up.status == "failed"
    call.hear(b.done("r1"))
    call.hang_up()
    assert (call.all.turns[-1].status, call.all.turns[-1].usage) == ("failed", None)
    assert proofs.faults(call, end=True) == []


def test_a_second_answer_that_never_ends_gives_the_caller_the_fallback() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.at(call.now + 20.0)
    call.answers_create("r2")
    end = call.at(call.now + 20.0).end
    assert end is not None
    assert end.reason is EndReason.MODEL_FAILED
