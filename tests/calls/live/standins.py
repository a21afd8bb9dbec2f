"""What stands around a hub in its tests: calls, a database, a channel layer."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from calls.domain.records import Route
from calls.groups import Changed, Refresh, build_changed, build_refresh
from calls.live.context import Context
from calls.live.reading import Reading
from calls.selectors import Standing
from prompts.domain.kinds import Apply, Direction
from prompts.domain.layers import Instructions, Release, Started, Wording
from tests.prompts.words import release, wording

SOON = 5


class Call:
    """A live call as the hub knows one."""

    def __init__(self, business_id: int = 7, *, revision: int = 3, sid: str = "CA1") -> None:
        self.call_sid = sid
        self.business_id = business_id
        self.direction = Direction.INBOUND
        self.started = Started(revision, 2)
        self.caller = ""
        self.context = Context(datetime(2026, 11, 22, 12, 5, tzinfo=UTC))
        self.is_whole = True
        self.revision = revision
        self.reads_first_words = False
        self.taken: asyncio.Queue[tuple[Instructions, Route]] = asyncio.Queue()
        self.sent_again: asyncio.Queue[Refresh] = asyncio.Queue()
        self.texts: list[str] = []

    def expect(self, revision: int) -> bool:
        if self.reads_first_words:
            self.revision = max(self.revision, revision)
        return not self.reads_first_words

    async def published(
        self, instructions: Instructions, _read: Wording, route: Route, _at: datetime | None
    ) -> None:
        self.revision = instructions.revision
        self.taken.put_nowait((instructions, route))

    async def refreshed(
        self, instructions: Instructions, _read: Wording, refresh: Refresh, _at: datetime | None
    ) -> None:
        self.texts.append(instructions.text)
        self.sent_again.put_nowait(refresh)

    async def next(self) -> tuple[int, Route]:
        instructions, route = await asyncio.wait_for(self.taken.get(), SOON)
        return instructions.revision, route


class Database:
    """Revisions and words of businesses, and how often they were asked for."""

    def __init__(self) -> None:
        self.revisions: dict[int, int] = {7: 3, 8: 3}
        self.reads: list[tuple[int, int]] = []
        self.profiles: dict[str, str] = {}
        self.callers: list[Mapping[str, int]] = []
        self.error: Exception | None = None
        self.unreadable: Exception | None = None  # though the revisions can be read
        self.release = asyncio.Event()
        self.release.set()
        self.asked: asyncio.Queue[frozenset[int]] = asyncio.Queue()
        self.apply = Apply.LIVE
        self.empty: Direction | None = None
        self.words: dict[Direction, str] = {}
        self.refreshes: list[Refresh] = []

    async def changed_wordings(
        self,
        business_id: int,
        directions: frozenset[Direction],
        callers: Mapping[str, int],
        at_least: int,
    ) -> Reading:
        self.reads.append((business_id, at_least))
        self.callers.append(callers)
        await self.release.wait()
        if error := self.error or self.unreadable:
            raise error
        revision = max(at_least, self.revisions[business_id])
        words = {
            one: wording(
                business_id=business_id,
                direction=one,
                revision=revision,
                business=() if one is self.empty else self.releases(one, revision),
            )
            for one in directions
        }
        return Reading(words, callers, self.profiles, None)

    def releases(self, direction: Direction, revision: int) -> tuple[Release, ...]:
        newest = release(revision, self.words.get(direction, "New."), apply=self.apply)
        return release(1, "Old."), newest

    async def fresh_wordings(
        self, business_id: int, directions: frozenset[Direction], callers: frozenset[str]
    ) -> Reading:
        return await self.changed_wordings(business_id, directions, dict.fromkeys(callers, -1), 0)

    async def standing_of(self, business_ids: frozenset[int]) -> Standing:
        self.asked.put_nowait(business_ids)
        if self.error:
            raise self.error
        return Standing({one: self.revisions[one] for one in business_ids}, self.refreshes)


class Layer:
    """A channel layer that can be away, now or from the start."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.messages: asyncio.Queue[object] = asyncio.Queue()
        self.joins: asyncio.Queue[str] = asyncio.Queue()
        self.moments: list[float] = []  # of the joins
        self.deaf = False  # takes what is sent and brings nothing

    async def new_channel(self) -> str:
        return "hub"

    async def group_add(self, group: str, _channel: str) -> None:
        self.joins.put_nowait(group)
        self.moments.append(asyncio.get_running_loop().time())
        if self.error:
            raise self.error

    async def receive(self, _channel: str) -> object:
        message = await self.messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def send(self, _channel: str, message: dict[str, Any]) -> None:
        if not self.deaf:
            self.messages.put_nowait(message)

    async def flush(self) -> None:
        pass

    def push(self, business_id: int | None, revision: int) -> None:
        self.messages.put_nowait(dict(build_changed(Changed(business_id, revision))))

    def ask(self, refresh: Refresh) -> None:
        self.messages.put_nowait(dict(build_refresh(refresh)))


async def asked_by_itself(database: Database) -> None:
    """Let the question pass that the hub puts as soon as it has joined."""
    await asyncio.wait_for(database.asked.get(), SOON)


async def until(holds: Any) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - the hub tells nobody what it has done
            await asyncio.sleep(0)


async def fail(*_given: object) -> None:
    raise RuntimeError("broken")
