"""Group names and message types of the channel layer: a change is named, never carried."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from channels.layers import get_channel_layer

EVERY_WORKER = "instructions"  # one member per process: its hub
CHANGED = "instructions.changed"
ANNOUNCED_WITHIN = 0.9  # seconds of the publisher's request, a frozen Redis included


@dataclass(frozen=True, slots=True)
class Changed:
    """The words or settings of a business are newer than revision ``revision - 1``.

    ``business_id`` is None when the platform's words changed, and with them everybody's.
    """

    business_id: int | None
    revision: int


def build_changed(changed: Changed) -> dict[str, object]:
    """The group message for a change."""
    return {"type": CHANGED, "business": changed.business_id, "revision": changed.revision}


def parse_changed(message: Mapping[str, object]) -> Changed | None:
    """Read a group message; None for one of another type or another shape.

    Processes of different versions share the group during a deploy.
    """
    business_id, revision = message.get("business"), message.get("revision")
    if message.get("type") != CHANGED or type(revision) is not int:
        return None
    if business_id is not None and type(business_id) is not int:
        return None
    return Changed(business_id, revision)


async def announce(changed: Changed) -> None:
    """Send the change to every worker; raises what the layer raises, or TimeoutError."""
    layer = get_channel_layer()
    if layer is None:
        return
    async with asyncio.timeout(ANNOUNCED_WITHIN):
        await layer.group_send(EVERY_WORKER, build_changed(changed))
