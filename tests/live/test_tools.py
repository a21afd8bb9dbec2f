"""The agent ends calls and puts callers through, over real sockets."""

import json
from typing import Any

import pytest
from channels.db import database_sync_to_async

from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.realtime.calling import SAID
from calls.simulator.realtime.record import SessionRecord
from calls.simulator.telephone.timeline import Kind
from calls.tools import end_call
from calls.tools.transfer_to_person import TRANSFER_TO_PERSON
from prompts.models import Business
from prompts.services.settings import change_settings
from tests import factories
from tests.live.indoors import indoors
from tests.live.stage import GREETING, House, proof_of, stage

NUMBER = "+15005550111"
WORDS = "Words of a business whose agent has tools."


def outputs(session: SessionRecord) -> list[dict[str, Any]]:
    items = [event["item"] for event in session.received_of("conversation.item.create")]
    found = [item for item in items if item["type"] == "function_call_output"]
    return [json.loads(item["output"]) for item in found]


@pytest.mark.both_databases
@pytest.mark.parametrize("silent", [False, True])
async def test_a_caller_who_says_goodbye_hears_one_and_the_line_is_closed(
    either: House, silent: bool
) -> None:
    async with stage(either, Faults(tools_silent=silent)) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["end_call"])
        assert "hung up" in await call.ended()
        await call.heard(session.spoken[-1])  # before the line was closed
        assert outputs(session) == [{"result": end_call.TOLD}]
        assert call.words == []
        row = await on.books.ended(call.call_sid)
        assert (row["end_reason"], row["end_detail"]) == ("agent_hung_up", "")
        tools = [tool["name"] for tool in row["settings"]["tools"]]
        assert tools == ["end_call", "transfer_to_person"]
        await session.wait_closed(within=1)
        on.check_wire()


@pytest.mark.both_databases
async def test_a_caller_who_asks_for_a_person_is_put_through(either: House) -> None:
    async with stage(either) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["transfer_to_person"])
        await call.ended()
        await call.heard(proof_of(session))
        assert call.dialled == [NUMBER]
        assert call.words == []  # nobody apologises
        row = await on.books.ended(call.call_sid)
        assert row["end_reason"] == "transfer"
        assert row["end_detail"] == "The caller asked for a person."
        on.check_wire()


async def test_a_caller_who_speaks_again_stays(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["transfer_to_person"])
        await session.wait_for("conversation.item.create")
        await call.interrupt("Wait, one more thing.")
        await call.until(lambda c: c.timeline.of(Kind.CLEARED), "the clear")
        await call.heard(proof_of(session))
        await call.wait_for_silence()
        assert not call.is_over
        assert call.dialled == []
        on.check_wire()


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        (Faults(tool_name="order_pizza"), "no tool"),
        (Faults(tool_arguments="{"), "not JSON"),
        (Faults(tool_arguments='{"reason": 7}'), "'reason'"),
    ],
)
async def test_a_call_that_makes_no_sense_is_answered_and_the_agent_speaks_on(
    uvicorn: House, faults: Faults, error: str
) -> None:
    faults.tools_silent = True
    async with stage(uvicorn, faults) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["transfer_to_person"])
        await call.heard(proof_of(session))
        (output,) = outputs(session)
        assert error in output["error"]
        assert not call.is_over
        on.check_wire()


async def test_a_caller_who_hangs_up_in_the_middle_of_a_tool_call_leaves_nothing(
    uvicorn: House,
) -> None:
    async with stage(uvicorn) as on:
        await on.publish(1, WORDS)
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say(SAID["transfer_to_person"])
        await session.wait_for_sent("response.output_item.added", after=len(session.sent))
        await call.hang_up()
        await session.wait_closed(within=1)
        row = await on.books.ended(call.call_sid)
        assert row["end_reason"] == "caller_hung_up"
        assert call.dialled == []


def change(business: Business, number: str) -> None:
    changes = {"fallback_number": number}
    change_settings(
        business=business, changes=changes, actor=factories.make_user(), reason="A test"
    )


@pytest.mark.django_db(transaction=True)
async def test_a_person_is_offered_only_while_there_is_a_number_for_one(
    business: Business, settings: object
) -> None:
    async with indoors(settings) as on:
        call: SimulatedCaller = await on.dial(business.pk)
        await call.heard(GREETING)
        session = await on.model.session_matching()
        first = session.received_of("session.update")[0]["session"]
        assert [tool["name"] for tool in first["tools"]] == ["end_call"]
        await database_sync_to_async(change)(business, NUMBER)
        update = await session.wait_for("session.update", after=2)
        assert set(update["session"]) == {"type", "tools"}
        assert update["session"]["tools"][1] == TRANSFER_TO_PERSON.definition
        await call.say(SAID["transfer_to_person"])
        await call.ended()
        assert call.dialled == [NUMBER]
