"""A stand-in for the person on the phone, and for Twilio in between: dials, listens, speaks."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from calls.simulator import speech
from calls.simulator.pace import Pace
from calls.simulator.telephone.exchange import Details, Exchange
from calls.simulator.telephone.stream import MediaStream, Spoil
from calls.simulator.telephone.timeline import Kind, Timeline
from calls.simulator.telephone.webhook import Answer, Server

ACCOUNT_SID = "AC" + "0" * 31 + "1"
CALLER = "+15005550199"


def business_number(business_id: int) -> str:
    """Return the number that the demo gives to a business."""
    return f"+1500555{100 + business_id:04d}"


class SimulatedCaller:
    """One call, from the webhook to its end.

    Waiting methods take ``within`` in real seconds and raise ``TimeoutError`` in words.
    """

    def __init__(self, server: Server, pace: Pace, details: Details) -> None:
        """Prepare a call; ``dial`` is the way to make one."""
        self._exchange = Exchange(server, pace, details)
        self._pace = pace

    @classmethod
    async def dial(  # noqa: PLR0913 - each is a fact of one call, and all but two have defaults
        cls,
        base_url: str,
        business_id: int,
        direction: str = "inbound",
        auth_token: str = "",
        *,
        public_base_url: str = "",
        account_sid: str = ACCOUNT_SID,
        call_sid: str = "",
        caller: str = CALLER,
        number: str = "",
        speed: float = 1.0,
        opens_stream: bool = True,
        sends_start: bool = True,
        spoil_start: Spoil | None = None,
    ) -> Self:
        """Place a call and return once its stream is open, or the call is over.

        ``number`` is the business's own; without it, that of the demo. With ``opens_stream``
        off the call waits at ``stream_url``. Raises ``Unreachable`` when no server answers.
        """
        base_url = base_url.rstrip("/")
        server = Server(base_url, public_base_url.rstrip("/") or base_url, auth_token)
        details = Details(
            business_id=business_id,
            direction=direction,
            call_sid=call_sid or f"CA{uuid.uuid4().hex}",
            account_sid=account_sid,
            caller=caller,
            number=number or business_number(business_id),
            opens_stream=opens_stream,
            sends_start=sends_start,
            spoil_start=spoil_start,
        )
        call = cls(server, Pace(speed), details)
        await call._exchange.begin()
        await call.until(_has_begun, "the call to begin", within=30)
        return call

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.hang_up()

    # What can be seen of the call.

    @property
    def timeline(self) -> Timeline:
        """What happened, and when."""
        return self._exchange.timeline

    @property
    def call_sid(self) -> str:
        """The call's id, as the call row has it."""
        return self._exchange.details.call_sid

    @property
    def answer(self) -> Answer | None:
        """What the voice webhook answered."""
        return self._exchange.answer

    @property
    def stream(self) -> MediaStream | None:
        """The media stream, once it is open, and after it was closed."""
        return self._exchange.stream

    @property
    def stream_url(self) -> str:
        """The address of the media socket, as TwiML names it."""
        return self._exchange.stream_url

    @property
    def waits_at_stream(self) -> bool:
        """Whether the media socket was named and is not going to be opened."""
        return bool(self.stream_url) and not self._exchange.details.opens_stream

    @property
    def words(self) -> list[str]:
        """What Twilio's own voice said: the words of Say verbs."""
        return self._exchange.words

    @property
    def dialled(self) -> list[str]:
        """The numbers that the caller was put through to."""
        return self._exchange.dialled

    @property
    def outcome(self) -> str:
        """How the call ended, in words; empty while it lasts."""
        return self._exchange.outcome

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return bool(self.outcome)

    @property
    def violations(self) -> list[str]:
        """Everything the server sent that Twilio would not accept; a good call has none."""
        return self._exchange.violations + (self.stream.violations if self.stream else [])

    # What the caller does.

    async def say(self, what: str | Path, *, within: float = 30.0) -> None:
        """Say words, or play a WAV file, and return once all of it has been sent."""
        stream = self._open_stream()
        audio = await asyncio.to_thread(_sound, what)
        self.timeline.add(Kind.CALLER_SPEAKS, str(what))
        stream.say(audio)

        def is_said(call: SimulatedCaller) -> bool:
            return not (stream.is_speaking and stream.is_open)

        await self.until(is_said, "the caller to finish", within=within)
        self.timeline.add(Kind.CALLER_QUIET)

    async def interrupt(self, what: str | Path, *, after: float = 0.5) -> None:
        """Let the agent speak for ``after`` simulated seconds, then speak over it."""
        await self.wait_for_audio()
        await self._pace.sleep(after)
        await self.say(what)

    def press(self, digits: str) -> None:
        """Press keys."""
        for digit in digits:
            self.timeline.add(Kind.KEY, digit)
            self._open_stream().press(digit)

    async def hang_up(self) -> None:
        """End the call as a caller does; an ended call stays as it is."""
        await self._exchange.hang_up()

    async def lose_network(self) -> None:
        """Break the stream off without ``stop``; the call goes on with the next verb."""
        await self._open_stream().abort()

    def send_raw(self, frame: str | bytes) -> None:
        """Send the server anything at all, text or binary."""
        self._open_stream().send_raw(frame)

    # What the caller waits for.

    async def wait_for_audio(self, *, within: float = 10.0) -> None:
        """Wait until the agent is heard."""

        def is_heard(call: SimulatedCaller) -> bool:
            return call.stream is not None and call.stream.agent_is_heard

        await self.until(is_heard, "the agent to be heard", within=within)

    async def wait_for_silence(self, lasting: float = 0.4, *, within: float = 30.0) -> None:
        """Wait until the agent has not been heard for so many simulated seconds."""

        def is_silent(call: SimulatedCaller) -> bool:
            stream = call.stream
            return stream is None or not stream.is_open or stream.quiet_for >= lasting

        await self.until(is_silent, "the agent to be silent", within=within)

    async def heard(self, sentence: str, *, within: float = 20.0) -> None:
        """Wait until a whole sentence has been heard, from the agent or from Twilio's own voice.

        The agent's is known by its sound, which the stand-in for the model makes the same way.
        """
        sound = await asyncio.to_thread(speech.speak, sentence)

        def is_heard(call: SimulatedCaller) -> bool:
            if any(sentence in words for words in call.words):
                return True
            return call.stream is not None and sound in call.stream.heard()

        await self.until(is_heard, f"“{sentence}” to be heard", within=within)

    async def ended(self, *, within: float = 20.0) -> str:
        """Wait for the end of the call and return how it ended."""
        await self.until(lambda call: call.is_over, "the call to end", within=within)
        return self.outcome

    async def until(
        self,
        holds: Callable[["SimulatedCaller"], object],
        what: str = "something",
        *,
        within: float = 10.0,
    ) -> None:
        """Wait until something holds for this call; it is looked at whenever anything happens."""
        await self.timeline.notice.until(lambda: bool(holds(self)), within, what)

    def _open_stream(self) -> MediaStream:
        if self.stream is None:
            raise RuntimeError(f"The call has no stream: {self.outcome or 'not yet'}.")
        return self.stream


def _has_begun(call: SimulatedCaller) -> bool:
    """Whether the stream is open, not wanted, or out of the question."""
    return call.is_over or call.stream is not None or call.waits_at_stream


def _sound(what: str | Path) -> bytes:
    return speech.load_wav(what) if isinstance(what, Path) else speech.speak(what)
