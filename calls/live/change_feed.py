"""The hub of a process: one member of the group, which brings each change to its live calls.

A push is a hint and the database is the truth: every process also asks for the revisions of its
calls' businesses every few seconds. Losing the channel layer touches no call.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import partial
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DatabaseError

from calls.domain.records import Route
from calls.groups import Changed, Refresh
from calls.live import outages, reading
from calls.live.delivery import Delivery, LiveCall
from calls.live.heart import Heart
from calls.live.reading import ProfilesNotRead, report_unread
from calls.live.recent import Recent
from calls.live.reconcile import Reconciler
from calls.live.subscription import Subscription
from calls.proof.announcements import announced
from calls.selectors import Standing
from prompts.domain.kinds import Direction

logger = logging.getLogger(__name__)

REFRESHES_REMEMBERED = 5000
BEGUN_AGAIN_AFTER = 1.0  # seconds after a task of the hub failed, which none should


class Hub:
    """The live calls of one event loop, and the tasks that keep them fresh."""

    def __init__(self) -> None:
        self._ignored = 0
        self._calls: dict[int, set[LiveCall]] = defaultdict(set)
        self._wanted: dict[int, tuple[int, Route]] = {}
        self._delivery = Delivery()
        self._unread: dict[int, int] = {}  # the newest revision of a business that was not read
        self._tasks: set[asyncio.Task[None]] = set()
        # A refresh may come by push and by the regular question.
        self._taken_up: Recent[tuple[UUID, str]] = Recent(REFRESHES_REMEMBERED)
        self._heart = Heart()
        self._reconciler = Reconciler(lambda: self._calls, self._found)
        self._subscription = Subscription(self._heard, self._reconciler.look_now)

    @property
    def ignored(self) -> int:
        """Messages that were not understood, brought nothing new, or had no call here to go to."""
        return self._ignored + self._subscription.ignored

    @property
    def worker_id(self) -> UUID:
        """The name of this process, where it carries calls."""
        return self._heart.worker.id

    @contextmanager
    def listening(self, call: LiveCall) -> Iterator[None]:
        """Keep a call in the hub; enter before it reads its first words."""
        if not self._tasks:
            outages.install()
            for work in (self._subscription.run, self._reconciler.run, self._heart.run):
                self._begin(_for_ever(work))
        self._calls[call.business_id].add(call)
        try:
            yield
        finally:
            self._delivery.forget(call)
            self._calls[call.business_id].discard(call)
            if not self._calls[call.business_id]:
                del self._calls[call.business_id]
                self._unread.pop(call.business_id, None)

    async def joined(self, *, within: float) -> bool:
        """Whether the hub is in the group; waits for it a little, and a call starts anyway."""
        try:
            async with asyncio.timeout(within):
                await self._subscription.joined.wait()
        except TimeoutError:
            return False
        return True

    def carries(self, call_sid: str, business_id: int) -> bool:
        """Whether a call is in progress here."""
        return any(call.call_sid == call_sid for call in self._calls.get(business_id, ()))

    def look_now(self) -> None:
        """A call may have missed something: ask the database at once."""
        self._reconciler.look_now()

    def refresh(self, refresh: Refresh) -> None:
        """Send the words again to those of our calls that a person means."""
        self._take_up(refresh, lambda call: refresh.is_for(call.call_sid))

    def _take_up(self, refresh: Refresh, is_meant: Callable[[LiveCall], bool]) -> None:
        """One reading for all calls that are meant and have not heard of it."""
        calls = [
            call
            for call in self._calls.get(refresh.business_id, ())
            if is_meant(call)
            and (refresh.request_id, call.call_sid) not in self._taken_up
            and call.expect(0)  # it has read its first words
        ]
        if calls:
            self._taken_up.add((refresh.request_id, call.call_sid) for call in calls)
            self._begin(self._send_again(refresh, calls))

    # What comes in

    def _heard(self, news: Changed | Refresh) -> None:
        if isinstance(news, Changed):  # by whichever process: pages of ours may say so
            announced(news.business_id, news.revision)
        if news.business_id is None:
            self._reconciler.look_now()
        elif news.business_id not in self._calls:
            self._ignored += 1
        elif isinstance(news, Refresh):
            self.refresh(news)
        elif self._is_known(news.business_id, news.revision):
            self._ignored += 1
        else:
            self._want(news.business_id, news.revision, Route.PUSH)

    def _found(self, standing: Standing) -> None:
        for business_id, revision in standing.revisions.items():
            if business_id in self._calls:
                self._want(business_id, revision, Route.RECONCILE)
        for refresh, sids in standing.requests():
            self._take_up(refresh, partial(_is_one_of, sids))

    # What goes out

    def _want(self, business_id: int, revision: int, route: Route) -> None:
        """Bring a revision to the calls of its business; ten at once are one."""
        if self._is_known(business_id, revision):
            return
        running = business_id in self._wanted
        self._wanted[business_id] = (revision, route)
        if not running:
            self._begin(self._bring(business_id))

    def _is_known(self, business_id: int, revision: int) -> bool:
        wanted, _route = self._wanted.get(business_id, (0, Route.PUSH))
        calls = self._calls[business_id]
        known = all(self._delivery.is_settled(call, revision) for call in calls)
        return wanted >= revision or known

    async def _bring(self, business_id: int) -> None:
        done = 0
        try:
            while self._wanted[business_id][0] > done:
                done, route = self._wanted[business_id]
                await self._publish(business_id, done, route)
        except (TimeoutError, DatabaseError) as error:
            # The calls keep their words; the next reconcile tries again.
            self._was_not_read(business_id, done, error)
        except Exception:
            logger.exception("Revision %d of business %d was not read.", done, business_id)
        finally:
            del self._wanted[business_id]

    async def _publish(self, business_id: int, revision: int, route: Route) -> None:
        calls = [call for call in self._calls.get(business_id, ()) if call.expect(revision)]
        if not calls:
            return
        read = await reading.changed_wordings(
            business_id, _directions(calls), _callers(calls), revision
        )
        at = read.committed_at
        await self._delivery.bring(
            calls, read, lambda call, *words: call.published(*words, route, at)
        )
        self._unread.pop(business_id, None)

    async def _send_again(self, refresh: Refresh, calls: list[LiveCall]) -> None:
        """Past the cache: whoever asks for this may doubt it."""
        try:
            read = await reading.fresh_wordings(
                refresh.business_id, _directions(calls), frozenset(_callers(calls))
            )
        except Exception as error:  # noqa: BLE001 - the request stays for the next reconcile
            logger.warning("The words for a refresh were not read (%s).", type(error).__name__)
            self._taken_up.forget((refresh.request_id, call.call_sid) for call in calls)
            return
        at = read.committed_at
        await self._delivery.bring(
            calls, read, lambda call, *words: call.refreshed(*words, refresh, at)
        )

    def _was_not_read(self, business_id: int, revision: int, error: Exception) -> None:
        """Say it once for each revision, however often it is tried."""
        if self._unread.get(business_id, -1) < revision:
            self._unread[business_id] = revision
            what = "profile" if isinstance(error, ProfilesNotRead) else "prompt"
            report_unread(what, business_id, revision, error)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the calls: a task of the hub belongs to none of them."""
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_one_of(sids: frozenset[str], call: LiveCall) -> bool:
    return call.call_sid in sids


def _directions(calls: list[LiveCall]) -> frozenset[Direction]:
    """The directions that one reading serves."""
    return frozenset(call.direction for call in calls)


def _callers(calls: list[LiveCall]) -> dict[str, int]:
    """The callers that one reading serves, and as of which revision all their calls know them."""
    known: dict[str, int] = {}
    for call in calls:
        if call.caller:
            known[call.caller] = min(call.context.as_of, known.get(call.caller, call.context.as_of))
    return known


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Begin a task of the hub again should it ever fail."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("A task of the hub failed.")
        await asyncio.sleep(BEGUN_AGAIN_AFTER)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
