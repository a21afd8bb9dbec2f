"""The tool calls of the stand-in: a few words of the caller's bring one, known by their sound."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from calls.simulator import speech
from calls.simulator.faults import Faults
from calls.simulator.realtime.conversation import Conversation, Item
from calls.simulator.realtime.settings import Session

Event = tuple[str, dict[str, Any]]  # Any: JSON

SAID = {
    "end_call": "Goodbye.",
    "transfer_to_person": "A person, please.",
}
ARGUMENTS: Mapping[str, dict[str, Any]] = {
    "transfer_to_person": {"reason": "The caller asked for a person."},
}


class Host(Protocol):
    """The session in which a tool is called."""

    session: Session
    conversation: Conversation

    def new_id(self, prefix: str) -> str:
        """Return an id that nothing else has."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tool and the text of its arguments."""

    name: str
    arguments: str


def wanted(host: Host, request: Mapping[str, Any], faults: Faults) -> Wanted | None:
    """The tool that the caller's last words ask for, if it is offered; may take a moment."""
    choice = request.get("tool_choice", host.session["tool_choice"])
    last = host.conversation.last
    if last is None or last.body.get("role") != "user" or choice == "none":
        return None
    offered = {tool["name"] for tool in host.session["tools"]}
    name = next((name for name in SAID if name in offered and _is_said(name, last)), None)
    if name is None:
        return None
    arguments = faults.tool_arguments or orjson.dumps(ARGUMENTS.get(name, {})).decode()
    return Wanted(faults.tool_name or name, arguments)


def _is_said(name: str, turn: Item) -> bool:
    """Whether the sound of the words stands in a turn; its edges may have been cut off."""
    sound = speech.speak(SAID[name])
    edge = len(sound) // 4
    return sound[edge:-edge] in turn.audio


def call_item(host: Host, tool: Wanted) -> Item:
    """The item of a call that has just begun."""
    return Item(
        {
            "id": host.new_id("item"),
            "object": "realtime.item",
            "type": "function_call",
            "status": "in_progress",
            "name": tool.name,
            "call_id": host.new_id("call"),
            "arguments": "",
        }
    )


def events_of(
    item: Item, tool: Wanted, previous: str | None, place: dict[str, Any]
) -> Iterator[Event]:
    """The events of a call from its beginning to its end, in which the item becomes whole."""
    yield "response.output_item.added", {**place, "item": item.body}
    yield "conversation.item.added", {"previous_item_id": previous, "item": item.body}
    argument = {**place, "item_id": item.id, "call_id": item.body["call_id"]}
    kind = "response.function_call_arguments"
    for piece in _pieces(tool.arguments):
        yield f"{kind}.delta", {**argument, "delta": piece}
    yield f"{kind}.done", {**argument, "name": tool.name, "arguments": tool.arguments}
    item.body = item.body | {"status": "completed", "arguments": tool.arguments}
    yield "response.output_item.done", {**place, "item": item.body}
    yield "conversation.item.done", {"previous_item_id": previous, "item": item.body}


def _pieces(text: str) -> Iterator[str]:
    letters = iter(text)
    while piece := "".join(itertools.islice(letters, 12)):
        yield piece
