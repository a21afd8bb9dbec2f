"""Puts newer words together for each call and hands them over, a few calls at a time."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

from calls.domain.records import Route
from calls.groups import Refresh
from calls.live.afterwards import afterwards
from calls.live.composing import Composer
from calls.live.context import Context
from calls.live.reading import Reading
from prompts.domain.kinds import Direction
from prompts.domain.layers import Instructions, Started, Wording
from prompts.domain.profile import BadProfile
from prompts.domain.unspeakable import Unspeakable
from prompts.logs import event

logger = logging.getLogger(__name__)

CALLS_PER_SLICE = 5


class LiveCall(Protocol):
    """What the hub needs of a call in progress."""

    business_id: int
    direction: Direction
    started: Started
    caller: str  # E.164; empty when the number is withheld
    context: Context

    @property
    def call_sid(self) -> str:
        """Twilio's name of the call."""

    @property
    def revision(self) -> int:
        """The newest revision that the call knows of."""

    @property
    def is_whole(self) -> bool:
        """False when it began without its caller's profile, which could not be read."""

    def expect(self, revision: int) -> bool:
        """Note that a revision exists; False while the call is still reading its first words."""

    async def published(
        self,
        instructions: Instructions,
        wording: Wording,
        route: Route,
        committed_at: datetime | None,
    ) -> None:
        """Take newer words."""

    async def refreshed(
        self,
        instructions: Instructions,
        wording: Wording,
        refresh: Refresh,
        committed_at: datetime | None,
    ) -> None:
        """Take words that a person wants sent again."""


HandOver = Callable[[LiveCall, Instructions, Wording], Coroutine[Any, Any, None]]


class Delivery:
    """Knows which calls keep their words because a revision has none for them.

    What was committed under a revision never changes, so such a revision is said once and not
    tried again; the next one is.
    """

    def __init__(self) -> None:
        self._kept: dict[LiveCall, int] = {}

    def is_settled(self, call: LiveCall, revision: int) -> bool:
        """Whether there is nothing to bring: the call has the revision, or cannot have it."""
        has_it = call.revision >= revision and call.is_whole
        return has_it or self._kept.get(call, -1) >= revision

    def forget(self, call: LiveCall) -> None:
        """The call is over."""
        self._kept.pop(call, None)

    async def bring(self, calls: list[LiveCall], read: Reading, hand_over: HandOver) -> None:
        """Compose what calls share once; what is wrong with one call keeps it from no other."""
        composer = Composer()
        with afterwards().held():
            for count, call in enumerate(calls, start=1):
                wording = read.wordings[call.direction]
                instructions = self._compose(composer, call, read, wording)
                if instructions is not None:
                    try:
                        await hand_over(call, instructions, wording)
                    except Exception:
                        logger.exception("A call did not take revision %d.", wording.revision)
                if count % CALLS_PER_SLICE == 0:
                    await asyncio.sleep(0)

    def _compose(
        self, composer: Composer, call: LiveCall, read: Reading, wording: Wording
    ) -> Instructions | None:
        try:
            if call.caller in read.callers:
                call.context.learn(read.profile(call.caller), wording.revision)
            part = call.context.part(wording)
            return composer.instructions(wording, started=call.started, context=part)
        except (Unspeakable, BadProfile) as error:
            self._keeps_its_words(call, wording.revision, str(error))
            return None

    def _keeps_its_words(self, call: LiveCall, revision: int, reason: str) -> None:
        if self._kept.get(call, -1) >= revision:
            return
        self._kept[call] = revision
        event(
            logger,
            "call.keeps_its_words",
            level=logging.WARNING,
            call_sid=call.call_sid,
            business_id=call.business_id,
            direction=call.direction,
            revision=revision,
            reason=reason,
        )
