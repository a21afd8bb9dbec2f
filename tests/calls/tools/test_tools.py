"""The tools of the agent: what each asks for, and who is offered which."""

import pytest
from pydantic import TypeAdapter

from calls.domain.errors import BadArguments
from calls.domain.reasons import EndReason
from calls.tools import offered
from calls.tools.end_call import END_CALL
from calls.tools.transfer_to_person import LONGEST_REASON, TRANSFER_TO_PERSON
from prompts.domain.agent import Fallback


def test_a_business_without_a_number_offers_nobody_a_person() -> None:
    assert offered(Fallback("Sorry.", "", "en")) == (END_CALL,)
    assert offered(Fallback("Sorry.", "+15005550111", "en")) == (END_CALL, TRANSFER_TO_PERSON)


@pytest.mark.parametrize("tool", offered(Fallback("Sorry.", "+15005550111", "en")))
def test_a_definition_is_one_of_the_official_schema(tool: object) -> None:
    from openai.types.realtime import RealtimeFunctionTool

    definition = tool.definition  # type: ignore[attr-defined]
    parsed = TypeAdapter(RealtimeFunctionTool).validate_python(definition)
    assert parsed.model_extra == {}


def test_the_end_of_a_call_needs_no_argument() -> None:
    assert END_CALL.carry_out({}).reason is EndReason.AGENT_HUNG_UP


def test_why_a_caller_is_put_through_is_one_short_line() -> None:
    ending = TRANSFER_TO_PERSON.carry_out({"reason": " wants\n to   order " + "x" * 500})
    assert ending.reason is EndReason.TRANSFER
    assert ending.detail.startswith("wants to order x")
    assert len(ending.detail) == LONGEST_REASON


@pytest.mark.parametrize("arguments", [{}, {"reason": ""}, {"reason": " "}, {"reason": 7}])
def test_nobody_is_put_through_without_a_reason(arguments: dict[str, object]) -> None:
    with pytest.raises(BadArguments, match="reason"):
        TRANSFER_TO_PERSON.carry_out(arguments)
