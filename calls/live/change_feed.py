"""The hub of a process: one member of the group, which brings each change to its live calls.

A push is a hint and the database is the truth: every process also asks for the revisions of its
calls' businesses every few seconds. Losing the channel layer touches no call.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError

from calls.domain.records import Route
from calls.groups import EVERY_WORKER, Changed, parse_changed
from calls.live import outages, reading
from prompts.domain.kinds import Direction
from prompts.domain.layers import (
    Chosen,
    Instructions,
    MissingPrompt,
    Shared,
    Started,
    Wording,
    choose,
    complete,
    share,
)
from prompts.domain.placeholders import PlaceholderError
from prompts.domain.profile import BadProfile

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
CALLS_PER_SLICE = 5


class LiveCall(Protocol):
    """What the hub needs of a call in progress."""

    business_id: int
    direction: Direction
    started: Started
    began_at: datetime
    caller: str  # E.164; empty when the number is withheld
    is_whole: bool  # False when it began without its caller's profile, which could not be read

    @property
    def revision(self) -> int:
        """The newest revision that the call knows of."""

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


class Hub:
    """The live calls of one event loop, and the tasks that keep them fresh."""

    def __init__(self) -> None:
        self.ignored = 0  # messages that were not for us, or not understood
        self._calls: dict[int, set[LiveCall]] = defaultdict(set)
        self._wanted: dict[int, tuple[int, Route]] = {}
        self._joined = asyncio.Event()
        self._look = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def listening(self, call: LiveCall) -> Iterator[None]:
        """Keep a call in the hub; enter before it reads its first words."""
        if not self._tasks:
            outages.install()
            self._begin(self._listen)
            self._begin(self._reconcile)
        self._calls[call.business_id].add(call)
        try:
            yield
        finally:
            self._calls[call.business_id].discard(call)
            if not self._calls[call.business_id]:
                del self._calls[call.business_id]

    async def joined(self, *, within: float) -> bool:
        """Whether the hub is in the group; waits for it a little, and a call starts anyway."""
        try:
            async with asyncio.timeout(within):
                await self._joined.wait()
        except TimeoutError:
            return False
        return True

    def _begin(self, work: Callable[[], Coroutine[object, object, None]]) -> None:
        task = asyncio.get_running_loop().create_task(work())
        self._tasks.add(task)

    async def _listen(self) -> None:
        """Be in the group, whatever becomes of the layer."""
        pause, away = FIRST_PAUSE, False
        while True:
            try:
                layer = get_channel_layer()
                if layer is None:  # switched off: asking the database is enough
                    return
                channel = await layer.new_channel()
                await layer.group_add(EVERY_WORKER, channel)
                if away:
                    logger.info("The channel layer is back.")
                pause, away = FIRST_PAUSE, False
                self._joined.set()
                self._look.set()
                while True:
                    self._heard(await layer.receive(channel))
            except Exception as error:  # noqa: BLE001 - a layer may raise anything and must not end us
                self._joined.clear()
                if not away:
                    logger.warning("The channel layer is away (%s); calls go on.", error)
                away = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _heard(self, message: dict[str, object]) -> None:
        changed = parse_changed(message)
        if changed is None:
            self.ignored += 1
        elif changed.business_id is None:
            self._look.set()
        elif changed.business_id in self._calls:
            self._want(changed, Route.PUSH)
        else:
            self.ignored += 1

    def _want(self, changed: Changed, route: Route) -> None:
        """Bring a revision to the calls of its business; ten at once are one."""
        business_id = changed.business_id
        if business_id is None or self._is_known(business_id, changed.revision):
            return
        running = business_id in self._wanted
        self._wanted[business_id] = (changed.revision, route)
        if not running:
            task = asyncio.get_running_loop().create_task(self._bring(business_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _is_known(self, business_id: int, revision: int) -> bool:
        wanted, _route = self._wanted.get(business_id, (0, Route.PUSH))
        calls = self._calls[business_id]
        known = all(call.revision >= revision and call.is_whole for call in calls)
        return wanted >= revision or known

    async def _bring(self, business_id: int) -> None:
        done = 0
        try:
            while self._wanted[business_id][0] > done:
                done, route = self._wanted[business_id]
                await self._refresh(business_id, done, route)
        except (TimeoutError, DatabaseError) as error:
            # The calls keep their words; the next reconcile tries again.
            kind = type(error).__name__
            logger.warning("Revision %d of business %d was not read (%s).", done, business_id, kind)
        except Exception:
            logger.exception("Revision %d of business %d was not read.", done, business_id)
        finally:
            del self._wanted[business_id]

    async def _refresh(self, business_id: int, revision: int, route: Route) -> None:
        calls = [call for call in self._calls.get(business_id, ()) if call.expect(revision)]
        if not calls:
            return
        directions = frozenset(call.direction for call in calls)
        callers = frozenset(call.caller for call in calls if call.caller)
        read = await reading.changed_wordings(business_id, directions, callers, revision)
        composer = _Composer()
        for count, call in enumerate(calls, start=1):
            wording = read.wordings[call.direction]
            try:
                context = read.context(call.direction, began_at=call.began_at, caller=call.caller)
                instructions = composer.instructions(call, wording, context)
            except (MissingPrompt, PlaceholderError):
                logger.warning("Revision %d has no whole prompt; a call keeps its words.", revision)
                continue
            except BadProfile as error:
                logger.warning("A call keeps its words: %s", error)
                continue
            try:
                await call.published(instructions, wording, route, read.committed_at)
            except Exception:
                logger.exception("A call did not take revision %d.", revision)
            if count % CALLS_PER_SLICE == 0:
                await asyncio.sleep(0)

    async def _reconcile(self) -> None:
        """Ask for the revisions of all live calls, always, and at once after a return."""
        while True:
            try:
                async with asyncio.timeout(settings.RECONCILE_SECONDS * random.uniform(0.6, 1.0)):  # noqa: S311 - jitter
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            business_ids = frozenset(self._calls)
            if not business_ids:
                continue
            try:
                newest = await reading.newest_revisions(business_ids)
            except Exception as error:  # noqa: BLE001 - tried again in a few seconds
                logger.warning("The revisions could not be read (%s).", type(error).__name__)
                continue
            for business_id, revision in newest.items():
                if business_id in self._calls:
                    self._want(Changed(business_id, revision), Route.RECONCILE)


class _Composer:
    """Composes the shared layers once for all calls that have the same versions."""

    def __init__(self) -> None:
        self._shared: dict[tuple[Direction, Chosen], Shared] = {}

    def instructions(self, call: LiveCall, wording: Wording, context: str) -> Instructions:
        """The words of one call; raises MissingPrompt for an empty slot."""
        key = (call.direction, choose(wording, call.started))
        if key not in self._shared:
            self._shared[key] = share(wording, call.started)
        return complete(self._shared[key], context)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
