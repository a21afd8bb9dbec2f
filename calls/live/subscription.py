"""A hub's membership of the group, kept up whatever becomes of the channel layer.

The pub/sub layer reports no outage once somebody has joined. So we send ourselves a numbered
message every two seconds: one that does not come back means that the layer is away.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer

from calls.groups import (
    EVERY_WORKER,
    Changed,
    Heartbeat,
    Refresh,
    build_heartbeat,
    parse_message,
)

logger = logging.getLogger(__name__)

BEAT_EVERY = 2.0  # seconds; also how long a beat may take to come back
FIRST_BEAT_AGAIN_AFTER = 0.1  # it may overtake our own subscription
LAYER_ANSWERS_WITHIN = 1.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


class BeatMissed(Exception):
    """Our own message did not come back."""


class Subscription:
    """Joins, listens, notices an outage, says it once, and joins again."""

    def __init__(
        self, heard: Callable[[Changed | Refresh], None], returned: Callable[[], None]
    ) -> None:
        self.joined = asyncio.Event()  # our own messages come back to us
        self.ignored = 0  # messages of an unknown type or shape
        self._heard = heard
        self._returned = returned
        self._away = False
        self._number = 0
        self._came_back = asyncio.Event()

    async def run(self) -> None:
        """Be in the group for ever; a layer may raise anything and must not end us."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._stay()
            except Exception as error:  # noqa: BLE001 - see above
                if self.joined.is_set():
                    pause = FIRST_PAUSE
                self._went(error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stay(self) -> None:
        """Join and listen, until a beat is missed or the layer raises."""
        layer: Any = get_channel_layer()
        if layer is None:  # switched off: asking the database is enough
            await asyncio.Event().wait()
        listening: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(LAYER_ANSWERS_WITHIN):
                channel = await layer.new_channel()
                await layer.group_add(EVERY_WORKER, channel)
            listening = asyncio.create_task(self._listen(layer, channel))
            listening.add_done_callback(lambda _done: self._came_back.set())
            await self._beat(layer, channel, listening, again_after=FIRST_BEAT_AGAIN_AFTER)
            self._arrived()
            while True:
                await asyncio.wait([listening], timeout=BEAT_EVERY)
                await self._beat(layer, channel, listening, again_after=BEAT_EVERY)
        finally:
            await _leave(layer, listening)

    async def _listen(self, layer: Any, channel: str) -> None:
        while True:
            try:
                self._take(await layer.receive(channel))
            except ValueError:  # bytes that nobody of ours has sent: no reason to leave
                self.ignored += 1

    def _take(self, message: object) -> None:
        match parse_message(message):
            case Heartbeat(number=number):
                if number == self._number:
                    self._came_back.set()
            case None:
                self.ignored += 1
            case news:
                self._heard(news)

    async def _beat(
        self, layer: Any, channel: str, listening: asyncio.Task[None], *, again_after: float
    ) -> None:
        """Send ourselves a number until it comes back; raises what ended the listening."""
        self._number += 1
        self._came_back.clear()
        late = asyncio.get_running_loop().time() + BEAT_EVERY
        while not listening.done():
            async with asyncio.timeout(LAYER_ANSWERS_WITHIN):
                await layer.send(channel, dict(build_heartbeat(self._number)))
            if await _is_set(self._came_back, within=again_after) and not listening.done():
                return
            if asyncio.get_running_loop().time() >= late:
                raise BeatMissed
        listening.result()

    def _arrived(self) -> None:
        if self._away:
            logger.warning("The channel layer is back.")
        self._away = False
        self.joined.set()
        self._returned()

    def _went(self, error: Exception) -> None:
        self.joined.clear()
        if not self._away:
            name = type(error).__name__
            logger.warning(
                "The channel layer is away (%s); calls go on and ask the database.", name
            )
        self._away = True


async def _is_set(event: asyncio.Event, *, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def _leave(layer: Any, listening: asyncio.Task[None] | None) -> None:
    """Drop the connections too: one that was cut off without a word would stay deaf for ever."""
    if listening is not None:
        listening.cancel()
        # What ended it is told by whoever raised; here it is only taken off the task.
        await asyncio.wait(
            [asyncio.gather(listening, return_exceptions=True)], timeout=LAYER_ANSWERS_WITHIN
        )
    try:
        async with asyncio.timeout(LAYER_ANSWERS_WITHIN):
            await layer.flush()  # the pub/sub layer forgets what this process held, no more
    except Exception as error:  # noqa: BLE001 - what is broken is left behind
        logger.debug("The channel layer was left with %s.", type(error).__name__)
