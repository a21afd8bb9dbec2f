"""The conversation as the model remembers it: its items, and what may be done to them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from calls.simulator import mulaw
from calls.simulator.realtime.schema import Rejected, invalid

ItemBody = dict[str, Any]  # Any: an item is JSON, as the wire has it


@dataclass(slots=True)
class Item:
    """One thing said or done; sound is kept apart from the JSON that describes it."""

    body: ItemBody
    audio: bytearray = field(default_factory=bytearray)

    @property
    def id(self) -> str:
        """The item's id."""
        return str(self.body["id"])

    @property
    def is_model_audio(self) -> bool:
        """Whether the model said this aloud."""
        content = self.body.get("content") or [{}]
        return self.body.get("role") == "assistant" and content[0]["type"] == "output_audio"

    def with_audio(self) -> ItemBody:
        """Return the item as ``conversation.item.retrieved`` shows it."""
        parts = self.body.get("content")
        if not self.audio or not parts:
            return self.body
        sound = base64.b64encode(self.audio).decode()
        return self.body | {"content": [parts[0] | {"audio": sound}, *parts[1:]]}


def user_audio(item_id: str, audio: bytes) -> Item:
    """Return the item of what the caller said in one turn."""
    content = [{"type": "input_audio", "transcript": None}]
    return Item(
        {
            "id": item_id,
            "object": "realtime.item",
            "type": "message",
            "status": "completed",
            "role": "user",
            "content": content,
        },
        bytearray(audio),
    )


def assistant_audio(item_id: str) -> Item:
    """Return the item of an answer that has just begun."""
    return Item(
        {
            "id": item_id,
            "object": "realtime.item",
            "type": "message",
            "status": "in_progress",
            "role": "assistant",
            "content": [],
        }
    )


class Conversation:
    """The items of one session in their order."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self.has_model_audio = False

    @property
    def items(self) -> Mapping[str, Item]:
        """All items by id, the oldest first."""
        return self._items

    @property
    def last_id(self) -> str | None:
        """The id of the newest item."""
        return next(reversed(self._items), None)

    @property
    def last(self) -> Item | None:
        """The newest item."""
        return next(reversed(self._items.values()), None)

    def add(self, item: Item) -> str | None:
        """Put ``item`` at the end and return the id of the one before it."""
        previous = self.last_id
        self._items[item.id] = item
        return previous

    def insert(self, item: Item, after: str | None) -> str | None:
        """Put a client's item behind ``after``: None is the end, ``root`` the beginning."""
        if item.id in self._items:
            raise invalid("item.id", f"an id other than '{item.id}', which is taken")
        self._check_call(item.body)
        if after is None:
            return self.add(item)
        if after != "root" and after not in self._items:
            raise invalid("previous_item_id", f"the id of an item, not '{after}'")
        ordered = list(self._items.values())
        place = 0 if after == "root" else list(self._items).index(after) + 1
        ordered.insert(place, item)
        self._items = {each.id: each for each in ordered}
        return None if after == "root" else after

    def retrieve(self, item_id: str) -> Item:
        """Return an item, or say that it is not there."""
        return self._find(item_id, "item_retrieve_invalid_item_id")

    def delete(self, item_id: str) -> None:
        """Forget an item."""
        del self._items[self._find(item_id, "item_delete_invalid_item_id").id]

    def truncate(self, item_id: str, audio_end_ms: int) -> None:
        """Forget what an answer said after a moment, and its whole transcript."""
        item = self._find(item_id, "item_truncate_invalid_item_id")
        if not item.is_model_audio or not item.audio or audio_end_ms == 0:
            message = "Only model output audio messages can be truncated."
            raise Rejected("unsupported_content_type", message, "item_id")
        length = mulaw.duration_ms(item.audio)
        if audio_end_ms > length:
            message = f"Audio content of {length}ms is already shorter than {audio_end_ms}ms"
            raise Rejected(None, message, "audio_end_ms")
        del item.audio[audio_end_ms * mulaw.BYTES_PER_MS :]
        item.body = item.body | {"content": [{"type": "output_audio"}]}

    def _find(self, item_id: str, code: str) -> Item:
        item = self._items.get(item_id)
        if item is None:
            raise Rejected(code, f"Item with item_id '{item_id}' not found.", "item_id")
        return item

    def _check_call(self, body: ItemBody) -> None:
        """A result must belong to a function call of this conversation."""
        if body["type"] != "function_call_output":
            return
        call_id = body["call_id"]
        if not any(item.body.get("call_id") == call_id for item in self._items.values()):
            message = f"Tool call ID '{call_id}' not found in conversation."
            raise Rejected("invalid_tool_call_id", message, "item.call_id")
