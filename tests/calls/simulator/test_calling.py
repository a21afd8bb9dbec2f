"""The stand-in calls a tool when the caller says the words for it."""

import asyncio
from typing import Any

import orjson
import pytest

from calls.simulator import speech
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel
from calls.simulator.realtime.calling import SAID
from calls.tools.end_call import END_CALL
from calls.tools.transfer_to_person import TRANSFER_TO_PERSON

from .wire import PAUSE, Client, connected

TOOLS = [END_CALL.definition, TRANSFER_TO_PERSON.definition]


async def asked(client: Client, words: str, **session: object) -> dict[str, Any]:
    """Say words under a session; give the response to them."""
    await client.configure("Be kind. Be brief.", **{"tools": TOOLS, **session})
    sound = await asyncio.to_thread(speech.speak, words)
    await client.speak(sound + PAUSE)
    done = await client.until("response.done")
    return dict(done["response"])


def called(response: dict[str, Any]) -> list[tuple[str, Any]]:
    items = [item for item in response["output"] if item["type"] == "function_call"]
    return [(item["name"], orjson.loads(item["arguments"])) for item in items]


@pytest.mark.parametrize("name", SAID)
async def test_the_words_for_a_tool_bring_a_sentence_and_a_call(name: str) -> None:
    async with SimulatedModel(speed=20) as model, connected(model) as client:
        response = await asked(client, SAID[name])
        assert [item["type"] for item in response["output"]] == ["message", "function_call"]
        assert called(response)[0][0] == name
        kinds = client.kinds
        assert kinds.count("response.output_item.done") == 2
        assert "response.function_call_arguments.done" in kinds
        call_id = response["output"][1]["call_id"]
        item = {"type": "function_call_output", "call_id": call_id, "output": "{}"}
        await client.send("conversation.item.create", item=item)
        await client.send("response.create")
        answer = await client.until("response.done")
        assert called(answer["response"]) == []


async def test_a_call_may_come_without_a_word_and_in_any_form() -> None:
    faults = Faults(tools_silent=True, tool_name="order", tool_arguments="{")
    async with SimulatedModel(faults, speed=20) as model, connected(model) as client:
        response = await asked(client, SAID["end_call"])
        (item,) = response["output"]
        assert (item["name"], item["arguments"]) == ("order", "{")


@pytest.mark.parametrize(
    ("words", "session"),
    [
        ("When do you open?", {}),
        (SAID["end_call"], {"tools": []}),
        (SAID["end_call"], {"tool_choice": "none"}),
    ],
)
async def test_nothing_is_called_that_was_not_asked_for_or_offered(
    words: str, session: dict[str, object]
) -> None:
    async with SimulatedModel(speed=20) as model, connected(model) as client:
        assert called(await asked(client, words, **session)) == []
