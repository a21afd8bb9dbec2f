"""The media socket of a call: let in by token, started by Twilio, bridged, and always closed.

The consumer takes no part in the channel layer, so that losing the layer cannot end a call, and
reads its frames itself: Channels would hop to the one shared database thread for each of them.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

from channels.consumer import AsyncConsumer

from calls.domain import commands as c
from calls.domain import frames
from calls.domain.answers import Admission
from calls.domain.errors import BadFrame
from calls.domain.reasons import EndReason
from calls.live.bridge import Bridge
from calls.live.change_feed import hub
from calls.live.writer import writer
from calls.services import consume_token, end_call, mark_connected
from calls.threads import DatabaseThreads
from calls.twilio.signatures import refused_stream
from prompts.logs import event

logger = logging.getLogger(__name__)

door = DatabaseThreads(threads=2, waiting=200)  # strangers knock here, and nobody else waits

START_WITHIN = 10.0  # seconds from the accepted socket to Twilio's start message
ADMITTED_WITHIN = 4.0
END_WRITTEN_WITHIN = 2.0
BAD_FRAMES_ALLOWED = 50

ENDED_BY_US = frozenset({EndReason.AGENT_HUNG_UP, EndReason.MAX_LENGTH, EndReason.TRANSFER})
STOPPED = c.End(EndReason.INTERRUPTED, "The server stopped during the call.")
CLEAN_CLOSE = 1000  # the only code below 3000 that every server lets an application send


class MediaConsumer(AsyncConsumer):
    """One call's media socket."""

    channel_layer_alias = "none: a call takes no part in the channel layer"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Live through one call; whatever happens, both legs are closed at the end."""
        self.scope, self._receive, self._transmit = scope, receive, send
        self._gone = False
        self._bad_frames = 0
        self._call_sid = ""
        self._fault = ""  # why we end this socket, in a sentence for the call's row
        async with AsyncExitStack() as self.resources:
            await receive()  # websocket.connect
            admission = await self._admit()
            if admission is None:
                await self._send({"type": "websocket.close"})
                return
            await self._send({"type": "websocket.accept"})
            self._call_sid = admission.call_sid
            start = await self._started(admission)
            if start is not None:
                await self._bridge(admission, start)

    # The door

    async def _admit(self) -> Admission | None:
        """The call that the token in the path lets in; a token works once."""
        token = self.scope["url_route"]["kwargs"]["token"]
        headers = dict(self.scope["headers"])
        cause = refused_stream(
            path=self.scope["path"], signature=headers.get(b"x-twilio-signature")
        )
        if cause is None:
            worker_id = hub().worker_id
            try:
                admission = await door.run(
                    lambda: consume_token(token, datetime.now(UTC), worker_id),
                    within=ADMITTED_WITHIN,
                )
            except Exception as error:  # noqa: BLE001 - without a database nobody is let in
                admission, cause = None, f"The token could not be checked: {error}"
            if admission is not None:
                return admission
        event(logger, "call.refused", reason=cause or "The stream token is not valid.")
        return None

    async def _started(self, admission: Admission) -> frames.Start | None:
        """Twilio's start message, when it comes in time and names this call."""
        try:
            async with asyncio.timeout(START_WITHIN):
                start = await self._read_start()
        except TimeoutError:
            start, cause = None, "No start message came within ten seconds."
        else:
            cause = _disagreement(start, admission)
        if start is None or cause:
            cause = cause or self._fault or "The socket closed before its start message."
            event(
                logger,
                "call.refused",
                call_sid=admission.call_sid,
                business_id=admission.business_id,
                direction=admission.direction,
                reason=cause,
            )
            self._write_end(admission, c.End(EndReason.REFUSED, cause))
            await self._close()
            return None
        return start

    async def _read_start(self) -> frames.Start | None:
        while True:
            frame = await self._next_frame()
            if frame is None or isinstance(frame, frames.Start):
                return frame
            if not isinstance(frame, frames.Connected):
                self._complain("A frame came before the start message.")

    # The call

    async def _bridge(self, admission: Admission, start: frames.Start) -> None:
        call_id, stream_sid, now = admission.call_id, start.stream_sid, datetime.now(UTC)
        writer().put(lambda: mark_connected(call_id, now, stream_sid))
        bridge = await self.resources.enter_async_context(Bridge(admission, stream_sid, self._say))
        reader = asyncio.create_task(self._read_frames(bridge))
        end = STOPPED
        try:
            end = await bridge.ended
        finally:  # also when the server ends this consumer
            reader.cancel()
            if end is STOPPED:
                bridge.stop(end)
            bridge.log_end(end)
            self._write_end(admission, end)
        if end.reason in ENDED_BY_US:  # Twilio asks at once, and must not be told to fall back
            await writer().flush(within=END_WRITTEN_WITHIN)
        await self._close()

    async def _read_frames(self, bridge: Bridge) -> None:
        """Hand every frame to the bridge, until the socket goes or breaks the rules."""
        try:
            while (frame := await self._next_frame()) is not None:
                if isinstance(frame, frames.Start):
                    self._fault = "A second start message came."
                    break
                await bridge.caller_sent(frame)
            await bridge.caller_lost(self._fault)
        except Exception:
            logger.exception("A call failed.")
            bridge.fail()

    async def _next_frame(self) -> frames.Frame | None:
        """The next frame that can be understood; None when the socket is at its end."""
        while not self._fault:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                self._gone = True
                return None
            try:
                return frames.parse_frame(self._text_of(message))
            except BadFrame as bad:
                self._complain(str(bad))
        return None

    def _text_of(self, message: Any) -> str:
        """The text of a message; too large a one is the socket's last."""
        text, data = message.get("text"), message.get("bytes")
        size = len(data or b"") if text is None else frames.size_of(text)
        if size > frames.MAX_FRAME_BYTES:
            self._fault = "A frame over 64 KiB came; the media socket was closed."
        if text is None:
            raise BadFrame("A binary frame came.")
        return str(text)

    def _complain(self, sentence: str) -> None:
        """Log the first bad frame of a socket; the rest only count."""
        self._bad_frames += 1
        if self._bad_frames == 1:
            logger.warning("Media stream of call %s: %s", self._call_sid, sentence)
        elif self._bad_frames > BAD_FRAMES_ALLOWED and not self._fault:
            self._fault = f"Over {BAD_FRAMES_ALLOWED} bad frames came; the media socket was closed."

    # The way out

    def _write_end(self, admission: Admission, end: c.End) -> None:
        at = datetime.now(UTC)
        writer().put(lambda: end_call(admission.call_id, end.reason, end.detail, at))
        writer().hurry()

    async def _say(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _close(self) -> None:
        await self._send({"type": "websocket.close", "code": CLEAN_CLOSE})

    async def _send(self, message: dict[str, Any]) -> None:
        """Send to Twilio; a socket that is gone is found out by the reader."""
        if self._gone:
            return
        try:
            await self._transmit(message)
        except (OSError, RuntimeError):
            self._gone = True


def _disagreement(start: frames.Start | None, admission: Admission) -> str:
    if start is None:
        return ""
    if start.call_sid != admission.call_sid:
        return "The start message names another call."
    if admission.account_sid and start.account_sid != admission.account_sid:
        return "The start message names another account."
    return ""
