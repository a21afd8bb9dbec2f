"""The bridge of one call: it carries out what the session decides, between two sockets."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from uuid import uuid4

from calls.domain import commands as c
from calls.domain import entries, frames
from calls.domain.answers import Admission
from calls.domain.configuration import Configuration
from calls.domain.errors import BadEvent
from calls.domain.events import AudioDelta, TranscriptDelta, parse_event
from calls.domain.reasons import EndReason
from calls.domain.records import Route
from calls.domain.session import CallSession
from calls.domain.updates import Notice
from calls.groups import Refresh, receipt_id
from calls.live.afterwards import afterwards
from calls.live.alarm import Alarm
from calls.live.change_feed import hub
from calls.live.composing import configured
from calls.live.context import Context
from calls.live.first_words import read_first_words
from calls.live.openai_socket import ModelUnreachable, OpenAISocket, open_socket
from calls.live.rows import Clock
from calls.live.scribe import Scribe, Written
from calls.live.writer import writer
from calls.services.refresh import take_refresh
from prompts.domain.layers import Instructions, Wording
from prompts.domain.unspeakable import Unspeakable

logger = logging.getLogger(__name__)

JOIN_WITHIN = 0.2  # seconds that a call waits for its hub to be in the group
OUR_SIDE_CLOSES_WITHIN = 3.0


class Bridge:
    """Owns the model's socket, the clock and the session of one call."""

    def __init__(
        self, admission: Admission, stream_sid: str, say: Callable[[str], Awaitable[None]]
    ) -> None:
        self.admission = admission
        self.business_id = admission.business_id
        self.direction = admission.direction
        self.started = admission.started
        self.caller = admission.caller
        self.context = Context(admission.began_at)
        self.ended: asyncio.Future[c.End] = asyncio.get_running_loop().create_future()
        self._stream_sid = stream_sid
        self._say = say
        self._clock = Clock(asyncio.get_running_loop().time(), datetime.now(UTC))
        self._now = asyncio.get_running_loop().time
        self._scribe = Scribe(admission, self._clock)
        self._session: CallSession | None = None
        self._socket: OpenAISocket | None = None
        self._pause: float | None = None  # until another socket is to be opened, if one is
        self._expected = 0
        self._alarm, self._afterwards = Alarm(), afterwards()
        self._bad_events = 0
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Listen, then read, then open the model's socket."""
        try:
            await self._enter()
        except BaseException:  # also a cancellation: nobody leaves what was not entered
            await self._resources.aclose()
            raise
        return self

    async def _enter(self) -> None:
        self._resources.enter_context(hub().listening(self))
        await hub().joined(within=JOIN_WITHIN)
        try:
            first = await read_first_words(self.admission, self.context, lambda: self._expected)
        except Unspeakable:
            self._finish(c.End(EndReason.NO_PROMPT, "The prompt went away as the call began."))
        except Exception:
            logger.exception("The words of a call could not be read.")
            self._finish(c.End(EndReason.INTERNAL_ERROR, "The prompt could not be read."))
        else:
            self._begin(first)

    def _begin(self, first: Configuration) -> None:
        self._scribe.open(first)
        self._session = CallSession(
            first, stream_sid=self._stream_sid, now=self._clock.monotonic, new_id=uuid4
        )
        alarm = [] if first.is_whole else [c.alarm("call.without_profile")]
        self._write_down([*alarm, c.log("call.connected")])
        self._start(self._converse())
        self._start(self._watch_the_clock())

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the model's socket, end the tasks, leave the hub."""
        try:
            await self._resources.aclose()
        finally:
            await self._scribe.close()

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._resources.push_async_callback(_cancelled, task)

    async def _guarded(self, work: Awaitable[None]) -> None:
        """A task of a call never raises: its failure becomes the end of the call."""
        try:
            await work
        except Exception:
            logger.exception("A call failed.")
            self.fail()

    # What the hub asks and tells

    @property
    def revision(self) -> int:
        """The newest revision that this call knows of, or is about to read."""
        return self._session.known.revision if self._session else self._expected

    @property
    def is_whole(self) -> bool:
        """False while the session has nothing newer than words without the caller's profile."""
        return self._session is None or self._session.known.is_whole

    def expect(self, revision: int) -> bool:
        """Note that a revision exists; False while the first words are being read."""
        self._expected = max(self._expected, revision)
        return self._session is not None and not self.ended.done()

    async def published(
        self,
        instructions: Instructions,
        wording: Wording,
        route: Route,
        committed_at: datetime | None,
    ) -> None:
        """Hand newer words to the session."""
        if self._session is None or self.ended.done():
            return
        now = self._now()
        at = self._clock.seconds(committed_at)
        notice = Notice(configured(instructions, wording), route, now, at)
        await self.perform(self._session.instructions_published(notice, now))

    @property
    def call_sid(self) -> str:
        """Twilio's name of this call."""
        return self.admission.call_sid

    async def refreshed(
        self,
        instructions: Instructions,
        wording: Wording,
        refresh: Refresh,
        committed_at: datetime | None,
    ) -> None:
        """Hand words to the session that a person wants sent again."""
        if self._session is None or self.ended.done():
            return
        call_id, request_id, now = self.admission.call_id, refresh.request_id, self._now()
        notice = Notice(
            configured(instructions, wording),
            Route.MANUAL,
            now,
            self._clock.seconds(committed_at),
            receipt_id=receipt_id(request_id, self.call_sid),
            force=refresh.force,
        )
        writer().put(lambda: take_refresh(call_id, request_id))
        await self.perform(self._session.refresh_asked(notice, now))

    # The caller's side

    async def caller_sent(self, frame: frames.Frame) -> None:
        """One frame of the media stream, in its order."""
        session = self._session
        if session is None or self.ended.done():
            return
        if type(frame) is frames.Media:
            for command in session.caller_audio(frame):
                self._tell_model(command)
        elif isinstance(frame, frames.Mark):
            await self.perform(session.mark_returned(frame.name))
        elif isinstance(frame, frames.Stop):
            await self.perform(session.caller_hung_up())

    async def caller_lost(self, detail: str = "") -> None:
        """The media socket went away, or broke the rules."""
        if self._session is not None:
            await self.perform(self._session.caller_lost(detail))

    # The model's side

    async def _converse(self) -> None:
        """Listen to the model over one socket after the other, as long as the session wants one."""
        session = self._session
        assert session is not None  # noqa: S101 - only started with a session
        try:
            await self._listen(session)
            while self._pause is not None:
                # A model that goes away leaves many calls at once: they come back one by one.
                await asyncio.sleep(random.uniform(0.0, self._pause))  # noqa: S311 - jitter
                self._pause = None
                hub().look_now()  # something may have been published while nobody could be told
                await self._listen(session)
        except ModelUnreachable as unreachable:
            await self.perform(session.model_unreachable(str(unreachable)))

    async def _listen(self, session: CallSession) -> None:
        async with open_socket(session.model) as socket:
            self._socket = socket
            async for data in socket:
                await self._model_sent(session, data)
            if self._socket is socket:  # and was not left on purpose
                await self.perform(session.model_lost(socket.close_reason, self._now()))

    async def _model_sent(self, session: CallSession, data: str | bytes) -> None:
        try:
            event = parse_event(data)
        except BadEvent as bad:
            self._bad_events += 1
            if self._bad_events == 1:
                self._write_down([c.log("model.bad_event", detail=str(bad))])
            return
        commands = session.model_event(event, self._now())
        if type(event) in (AudioDelta, TranscriptDelta):  # these move no deadline
            await self._carry_out(commands)
        else:
            await self.perform(commands)

    # The clock

    async def _watch_the_clock(self) -> None:
        session = self._session
        assert session is not None  # noqa: S101 - only started with a session
        self._resources.callback(self._alarm.stop)
        while (deadline := session.deadline) is not None:
            self._alarm.set(deadline)
            await self._alarm.rings()
            await self.perform(session.tick(self._now()))

    # Carrying out

    async def perform(self, commands: Iterable[c.Command]) -> None:
        """Carry out what the session decided, in its order, and look at the clock again."""
        await self._carry_out(commands)
        self._afterwards.put(self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        if self._session is not None:
            self._alarm.set(self._session.deadline)

    async def _carry_out(self, commands: Iterable[c.Command]) -> None:
        """Send and hand over what is to be written at once; only the caller's socket may wait.

        So nothing that is decided later comes before it, in the log or on the wire. What was meant
        for a socket that was lost meanwhile is not for the next one.
        """
        socket, written = self._socket, list[Written]()
        waits = list[c.ToCaller | c.End]()
        for command in commands:
            if isinstance(command, (c.Note, c.Record, c.Log)):
                written.append(command)
            elif isinstance(command, c.ToModel):
                written += self._tell_model(command) if self._socket is socket else []
            elif isinstance(command, c.Connect):
                self._change_socket(command)
            else:
                waits.append(command)
        self._write_down(written)
        for last in waits:
            if isinstance(last, c.ToCaller):
                await self._say(last.text)
            else:
                self._finish(last)

    def _write_down(self, written: list[Written]) -> None:
        if written:
            known = self._session.confirmed.instructions if self._session else None
            self._scribe.write(written, known)

    def _tell_model(self, command: c.ToModel) -> list[c.Note]:
        """Send it; the bytes are not kept until it is written."""
        if self._socket is not None:
            self._socket.send(command.data)
        return [c.Note(command.entry)] if isinstance(command, c.Told) else []

    def _change_socket(self, command: c.Connect) -> None:
        socket, self._socket, self._pause = self._socket, None, command.pause
        if socket is not None:
            socket.leave("Another socket is opened.")

    def fail(self) -> None:
        """Something of ours raised: the caller gets the fallback."""
        self.stop(c.End(EndReason.INTERNAL_ERROR, "Something went wrong on our side."))

    def stop(self, end: c.End) -> None:
        """End the call from our side; its rows and receipts are kept, and nothing more is sent."""
        try:
            owed = self._session.stopped(end) if self._session else []
        except Exception:
            logger.exception("A call could not be closed in order.")
            owed = []
        self._write_down([one for one in owed if isinstance(one, c.Record | c.Note)])
        self._finish(end)

    def _finish(self, end: c.End) -> None:
        if not self.ended.done():
            self.ended.set_result(end)

    def log_end(self, end: c.End) -> None:
        """Say how the call ended, and whether the caller is handed to the fallback."""
        fallback = [] if end.reason.is_normal else [c.log("call.fallback", reason=end.reason)]
        ended = c.log("call.ended", reason=end.reason)
        self._write_down([c.Note(entries.ended(end.reason.value)), *fallback, ended])


async def _cancelled(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.wait([task], timeout=OUR_SIDE_CLOSES_WITHIN)
