"""What the caller has heard: a ledger of audio sent to Twilio against marks that came back.

Twilio buffers what we send and plays it in order at real time. A mark is echoed when all audio
before it was played - or at once for everything that a clear throws out, so a mark that was
outstanding at a clear counts as *not* played (Twilio Media Streams, "mark" and "clear").
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from calls.domain.frames import BYTES_PER_MS

BYTES_PER_MARK = 1_200  # 150 ms: fine enough to know what was heard, coarse enough to be cheap
SLICE_CHARACTERS = 2_136  # 1,602 bytes; base64 may be cut at every fourth character
LONGEST_GAP = BYTES_PER_MARK + 1_602  # bytes between two marks of an item


@dataclass(slots=True)
class Item:
    """The audio of one spoken item, in bytes of mu-law."""

    item_id: str
    response_id: str
    sent: int = 0
    marked: int = 0
    heard: int = 0
    complete: bool = False

    @property
    def over(self) -> bool:
        """Whether the model has no more of it and the caller heard all."""
        return self.complete and self.heard >= self.sent

    @property
    def heard_ms(self) -> int:
        """Milliseconds that certainly reached the caller's ear, rounded down."""
        return self.heard // BYTES_PER_MS

    @property
    def sent_ms(self) -> int:
        """Milliseconds that the model generated and we passed on, rounded down."""
        return self.sent // BYTES_PER_MS


class Piece(Struct, frozen=True):
    """A slice of audio to send, and the mark to send after it, if one is due."""

    payload: str
    mark: str


class _Outstanding(Struct, frozen=True):
    item_id: str
    position: int


@dataclass(slots=True)
class Playback:
    """The ledger of one call; knows nothing of sockets or of the model."""

    _items: OrderedDict[str, Item] = field(default_factory=OrderedDict)
    _marks: OrderedDict[str, _Outstanding] = field(default_factory=OrderedDict)
    _count: int = 0

    @property
    def queued(self) -> bool:
        """Whether anything was sent that the caller is not known to have heard."""
        return any(item.heard < item.sent for item in self._items.values())

    @property
    def queued_bytes(self) -> int:
        """How much was sent that the caller is not known to have heard."""
        return sum(item.sent - item.heard for item in self._items.values())

    def add(self, response_id: str, item_id: str, delta: str) -> Iterator[Piece]:
        """Take a delta of an item into the ledger and cut it into pieces for Twilio."""
        item = self._items.get(item_id)
        if item is None:
            item = self._items[item_id] = Item(item_id, response_id)
        for start in range(0, len(delta), SLICE_CHARACTERS):
            payload = delta[start : start + SLICE_CHARACTERS]
            item.sent += size_of(payload)
            due = item.sent - item.marked >= BYTES_PER_MARK
            yield Piece(payload, self._new_mark(item) if due else "")

    def complete(self, item_id: str) -> str:
        """The model has no more audio for this item; give the closing mark if one is due."""
        item = self._items.get(item_id)
        if item is None:
            return ""
        item.complete = True
        return self._new_mark(item) if item.sent > item.marked else ""

    def complete_response(self, response_id: str) -> list[str]:
        """The response is over: close those of its items that nobody closed."""
        open_items = [i for i in self._items.values() if i.response_id == response_id]
        marks = [self.complete(item.item_id) for item in open_items]
        return [mark for mark in marks if mark]

    def echoed(self, name: str) -> None:
        """Twilio played up to this mark.

        A name that is not outstanding (unknown, doubled, or voided by a clear) changes nothing.
        """
        if name not in self._marks:
            return
        while self._marks:  # marks come back in the order in which they were sent
            passed, mark = self._marks.popitem(last=False)
            self._items[mark.item_id].heard = mark.position
            if passed == name:
                break

    def clear(self) -> list[Item]:
        """Everything queued is thrown out: give the items that were cut, and forget them.

        An item of which the model was still speaking is cut as well, heard so far or not.
        """
        self._marks.clear()
        cut = [item for item in self._items.values() if not item.over]
        self._items.clear()
        return cut

    def retire(self) -> list[Item]:
        """Take the items out of the ledger that are complete and were heard whole."""
        heard: list[Item] = []
        while self._items:
            item = next(iter(self._items.values()))
            if not item.over:
                break
            heard.append(self._items.pop(item.item_id))
        return heard

    def _new_mark(self, item: Item) -> str:
        self._count += 1
        name = f"m{self._count}"
        item.marked = item.sent
        self._marks[name] = _Outstanding(item.item_id, item.sent)
        return name


def size_of(payload: str) -> int:
    """The bytes that a base64 text stands for."""
    return len(payload) * 3 // 4 - payload[-2:].count("=")
