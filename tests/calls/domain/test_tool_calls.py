"""The model calls tools: each call has one answer, and an end is heard before it comes."""

import json
from typing import Any

import pytest

from calls.domain import events
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from calls.domain.tool_calls import ENDING_ALREADY, TOO_LATE
from calls.tools import end_call, transfer_to_person
from calls.tools.end_call import END_CALL
from calls.tools.transfer_to_person import TRANSFER_TO_PERSON
from prompts.domain.text import sha256
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

REASON = '{"reason": "They ask for the owner."}'


def with_tools() -> b.Call:
    return b.talking(b.configuration(1, tools=(END_CALL, TRANSFER_TO_PERSON)))


def calls(name: str, arguments: str = "{}", call_id: str = "c1") -> events.FunctionCall:
    return events.FunctionCall(call_id, name, arguments)


def done(name: str, *asked: events.FunctionCall, status: str = "completed") -> events.ResponseDone:
    return events.ResponseDone(name, status, "", "", None, asked)


def asks(call: b.Call, *asked: events.FunctionCall, says: int = 0) -> b.Sent:
    """The caller says something, and the model answers with sound, calls, or both."""
    call.hear(b.speech("u1"))
    call.hear(events.InputCommitted("u1"))
    call.hear(b.created("r1"))
    sent = call.hear(b.delta("r1", says)) if says else b.Sent([])
    return b.Sent([*sent.commands, *call.hear(done("r1", *asked)).commands])


def outputs(sent: b.Sent) -> list[tuple[str, dict[str, Any]]]:
    items = [event["item"] for event in sent.to_model("conversation.item.create")]
    return [
        (item["call_id"], json.loads(item["output"]))
        for item in items
        if item["type"] == "function_call_output"
    ]


def test_the_tools_stand_in_the_session_and_only_changes_of_them_are_sent() -> None:
    call = b.Call(b.configuration(1, tools=(END_CALL, TRANSFER_TO_PERSON)))
    (update,) = call.hear(events.SessionCreated()).model
    names = [tool["name"] for tool in update["session"]["tools"]]
    assert names == ["end_call", "transfer_to_person"]
    call.hear(b.echo(b.words(1).text))
    call.answers_create("r1")
    call.hear(b.done("r1"))
    (update,) = call.publish(b.notice(2, b.words(1).text, tools=(END_CALL,))).model
    assert update["session"] == {"type": "realtime", "tools": [END_CALL.definition]}
    assert proofs.faults(call) == []


def test_a_goodbye_that_was_said_with_the_call_is_heard_before_the_end() -> None:
    call = with_tools()
    sent = asks(call, calls("end_call"), says=1602)
    assert outputs(sent) == [("c1", {"result": end_call.TOLD})]
    assert sent.to_model("response.create") == []
    assert call.session.phase is Phase.CLOSING
    *marks, last = sent.marks
    assert call.played(*marks).end is None
    end = call.played(last).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP


def test_a_call_without_a_word_gets_a_goodbye_of_its_own() -> None:
    call = with_tools()
    sent = asks(call, calls("end_call"))
    (create,) = sent.to_model("response.create")
    assert create["response"]["instructions"] == end_call.GOODBYE
    assert create["response"]["tool_choice"] == "none"
    call.answers_create("bye")
    marks = call.hear(b.delta("bye", 1602)).marks + call.hear(b.done("bye")).marks
    end = call.played(*marks).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP
    (stamp,) = {turn.stamp for turn in call.all.turns if turn.response_id == "bye"}
    assert stamp is not None
    assert stamp.fingerprint == sha256(end_call.GOODBYE)


def test_a_caller_who_speaks_takes_the_end_back() -> None:
    call = with_tools()
    marks = asks(call, calls("end_call"), says=8000).marks
    assert call.hear(b.speech("u2")).end is None
    assert call.session.phase is Phase.TALKING
    assert call.played(*marks).end is None
    assert call.at(call.now + 60).end is None


def test_the_goodbye_of_a_tool_is_bounded_by_what_is_still_to_be_heard() -> None:
    call = with_tools()
    asks(call, calls("end_call"), says=80_000)  # ten seconds
    assert call.at(24.9).end is None
    end = call.at(25.0).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP


def test_a_goodbye_that_nobody_speaks_does_not_keep_the_line_open() -> None:
    call = with_tools()
    asks(call, calls("end_call"))
    end = call.at(5.0).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP


def test_the_longest_length_of_a_call_does_not_cut_the_goodbye_of_a_tool() -> None:
    call = b.talking(b.configuration(1, tools=(END_CALL,), max_call_seconds=60))
    call.at(59.0)
    sent = asks(call, calls("end_call"), says=8000)
    assert call.at(61.0).end is None
    end = call.played(*sent.marks).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP


def test_a_transfer_ends_the_call_with_its_reason() -> None:
    call = with_tools()
    sent = asks(call, calls("transfer_to_person", REASON), says=1602)
    assert outputs(sent) == [("c1", {"result": transfer_to_person.TOLD})]
    end = call.played(*sent.marks).end
    assert end is not None
    assert (end.reason, end.detail) == (EndReason.TRANSFER, "They ask for the owner.")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (calls("order_pizza"), "There is no tool named 'order_pizza'."),
        (calls("transfer_to_person", "{"), "The arguments are not JSON."),
        (calls("transfer_to_person", "[1]"), "The arguments are not a JSON object."),
        (calls("transfer_to_person", '{"reason": 1}'), "'reason' has to be a sentence."),
    ],
)
def test_a_call_that_cannot_be_carried_out_is_answered_and_the_call_goes_on(
    asked: events.FunctionCall, error: str
) -> None:
    call = with_tools()
    sent = asks(call, asked)
    assert outputs(sent) == [("c1", {"error": error})]
    (create,) = sent.to_model("response.create")
    assert "instructions" not in create["response"]
    assert call.session.phase is Phase.TALKING
    assert proofs.faults(call) == []


def test_nobody_is_put_through_where_the_business_has_no_number_any_more() -> None:
    call = with_tools()
    call.publish(b.notice(2, b.words(1).text, tools=(END_CALL,)))
    sent = asks(call, calls("transfer_to_person", REASON))
    assert "no tool" in outputs(sent)[0][1]["error"]
    assert call.session.phase is Phase.TALKING


def test_several_calls_have_one_answer_each_and_one_response_after_them() -> None:
    call = with_tools()
    sent = asks(call, calls("a"), calls("b", call_id="c2"))
    assert [call_id for call_id, _ in outputs(sent)] == ["c1", "c2"]
    assert sent.types[-1] == "response.create"
    assert sent.types.count("response.create") == 1


def test_only_the_first_end_counts() -> None:
    call = with_tools()
    sent = asks(call, calls("end_call"), calls("transfer_to_person", REASON, "c2"), says=1602)
    assert outputs(sent)[1] == ("c2", {"error": ENDING_ALREADY})
    end = call.played(*sent.marks).end
    assert end is not None
    assert end.reason is EndReason.AGENT_HUNG_UP


def test_a_model_that_calls_in_vain_again_and_again_has_to_speak() -> None:
    call = with_tools()
    asks(call, calls("a"))
    choices = []
    for number in range(3):
        create = call.all.to_model("response.create")[-1]
        choices.append(create["response"].get("tool_choice"))
        call.answers_create(f"again-{number}")
        call.hear(done(f"again-{number}", calls("a", call_id=f"d{number}")))
    assert choices == [None, "none", "none"]


def test_a_call_of_an_answer_that_was_cut_short_is_not_carried_out() -> None:
    call = with_tools()
    call.hear(b.created("r1"))
    call.hear(b.speech("u1"))
    sent = call.hear(done("r1", calls("end_call"), status="cancelled"))
    assert outputs(sent) == []
    assert call.session.phase is Phase.TALKING


def test_a_call_that_was_whole_before_the_caller_spoke_is_answered_and_not_carried_out() -> None:
    call = with_tools()
    call.hear(b.created("r1"))
    call.hear(b.speech("u1"))
    sent = call.hear(done("r1", calls("end_call")))
    assert outputs(sent) == [("c1", {"error": TOO_LATE})]
    assert sent.to_model("response.create") == []


def test_a_caller_who_speaks_after_the_call_has_the_word() -> None:
    """What the answers to the tools bring is no longer wanted; the model's VAD answers."""
    call = with_tools()
    asks(call, calls("a"))
    call.hear(b.speech("u2"))
    assert call.answers_create("late").types == ["response.cancel"]


def test_a_publish_between_a_call_and_its_answer_comes_first() -> None:
    call = with_tools()
    call.hear(b.created("r1"))
    call.publish(b.notice(2))
    sent = call.hear(done("r1", calls("a")))
    assert sent.types == ["conversation.item.create", "session.update"]
    assert call.hear(b.echo(b.words(2).text)).types == ["response.create"]
    call.answers_create("r2")
    (turn,) = call.hear(b.done("r2")).turns
    assert turn.stamp is not None
    assert turn.stamp.revision == 2
    assert proofs.faults(call) == []


def test_a_model_lost_between_a_call_and_its_answer_is_asked_again() -> None:
    call = with_tools()
    asks(call, calls("a"))
    call.lose()
    call.hear(events.SessionCreated())
    sent = call.hear(b.echo(b.words(1).text))
    assert sent.types[-1] == "response.create"
    assert outputs(sent) == []  # the new session knows of no call


@pytest.mark.parametrize("says", [0, 1602])
def test_a_model_lost_after_the_end_was_asked_for_ends_the_call(says: int) -> None:
    call = with_tools()
    marks = asks(call, calls("transfer_to_person", REASON), says=says).marks
    lost = call.lose()
    end = lost.end or call.played(*marks).end
    assert end is not None
    assert end.reason is EndReason.TRANSFER


def test_a_caller_may_hang_up_in_the_middle_of_a_tool_call() -> None:
    call = with_tools()
    asks(call, calls("a"))
    end = call.hang_up().end
    assert end is not None
    assert end.reason is EndReason.CALLER_HUNG_UP
    assert call.hear(b.created("late")).commands == []


@pytest.mark.parametrize(
    "output",
    [
        None,
        "text",
        [None, 7, {"type": "function_call"}],
        [{"type": "function_call", "name": "end_call", "call_id": "c1", "status": "incomplete"}],
        [{"type": "message", "role": "assistant"}],
    ],
)
def test_half_a_call_is_none(output: object) -> None:
    response = {"id": "r1", "status": "completed", "output": output}
    event = events.parse_event(json.dumps({"type": "response.done", "response": response}))
    assert isinstance(event, events.ResponseDone)
    assert event.calls == ()


def test_a_call_is_read_from_the_end_of_its_response() -> None:
    item = {"type": "function_call", "name": "a", "call_id": "c1", "arguments": "{}"}
    response = {"id": "r1", "status": "completed", "output": [item | {"status": "completed"}]}
    event = events.parse_event(json.dumps({"type": "response.done", "response": response}))
    assert isinstance(event, events.ResponseDone)
    assert event.calls == (calls("a"),)
