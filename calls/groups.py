"""Group names and message types of the channel layer: a change is named, never carried."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from channels.layers import get_channel_layer

EVERY_WORKER = "instructions"  # one member per process: its hub
CHANGED = "instructions.changed"
REFRESH = "calls.refresh"
HEARTBEAT = "hub.heartbeat"
# Of the one second that a frozen Redis may cost whoever publishes, the cache takes half already.
ANNOUNCED_WITHIN = 0.45  # seconds

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Changed:
    """The words or settings of a business are newer than revision ``revision - 1``.

    ``business_id`` is None when the platform's words changed, and with them everybody's.
    """

    business_id: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """Somebody wants the words of one call, or of all calls of a business, sent again."""

    request_id: UUID
    business_id: int
    call_sid: str = ""  # empty: every call of the business
    force: bool = False  # also where the same words stand already

    def is_for(self, call_sid: str) -> bool:
        """Whether it means a call of its business."""
        return self.call_sid in ("", call_sid)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A hub's message to itself; when it comes back, the layer is there."""

    number: int


def receipt_id(request_id: UUID, call_sid: str) -> UUID:
    """The name of the receipt by which a call answers a request; both ends can tell it."""
    return uuid5(request_id, call_sid)


def build_changed(changed: Changed) -> Message:
    """The group message for a change."""
    return {"type": CHANGED, "business": changed.business_id, "revision": changed.revision}


def build_refresh(refresh: Refresh) -> Message:
    """The group message for a refresh."""
    return {
        "type": REFRESH,
        "request": str(refresh.request_id),
        "business": refresh.business_id,
        "call": refresh.call_sid,
        "force": refresh.force,
    }


def build_heartbeat(number: int) -> Message:
    """The message of a hub to its own channel."""
    return {"type": HEARTBEAT, "number": number}


def parse_message(message: object) -> Changed | Refresh | Heartbeat | None:
    """Read a message; None for one of another type or another shape.

    Processes of different versions share the group during a deploy.
    """
    if not isinstance(message, Mapping):
        return None
    parse = _PARSERS.get(str(message.get("type")))
    return parse(message) if parse else None


def _parse_changed(message: Message) -> Changed | None:
    business_id, revision = message.get("business"), message.get("revision")
    if type(revision) is not int:
        return None
    if business_id is not None and type(business_id) is not int:
        return None
    return Changed(business_id, revision)


def _parse_refresh(message: Message) -> Refresh | None:
    business_id, call_sid = message.get("business"), message.get("call")
    if type(business_id) is not int or not isinstance(call_sid, str):
        return None
    try:
        request_id = UUID(str(message.get("request")))
    except ValueError:
        return None
    return Refresh(request_id, business_id, call_sid, force=message.get("force") is True)


def _parse_heartbeat(message: Message) -> Heartbeat | None:
    number = message.get("number")
    return Heartbeat(number) if type(number) is int else None


_PARSERS: Mapping[str, Callable[[Message], Changed | Refresh | Heartbeat | None]] = {
    CHANGED: _parse_changed,
    REFRESH: _parse_refresh,
    HEARTBEAT: _parse_heartbeat,
}


async def announce(news: Changed | Refresh) -> None:
    """Tell every worker; raises what the layer raises, or TimeoutError."""
    layer = get_channel_layer()
    if layer is None:
        return
    message = build_changed(news) if isinstance(news, Changed) else build_refresh(news)
    async with asyncio.timeout(ANNOUNCED_WITHIN):
        await layer.group_send(EVERY_WORKER, dict(message))
