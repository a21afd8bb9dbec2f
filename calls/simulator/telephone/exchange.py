"""What Twilio does around a call: asks the server, runs its TwiML, opens the stream, reports."""

import asyncio
import uuid
from dataclasses import dataclass

from calls.simulator.pace import Pace
from calls.simulator.telephone import messages, twiml
from calls.simulator.telephone.stream import MediaStream, Spoil, StreamRefused
from calls.simulator.telephone.timeline import Kind, Timeline
from calls.simulator.telephone.webhook import Answer, Server, Unreachable

STATUS_CALLBACK = "/twilio/status"
MOST_REDIRECTS = 10
OK = 200


@dataclass(frozen=True, slots=True)
class Details:
    """The facts of one call, and what a test wants to go wrong at its beginning."""

    business_id: int
    direction: str
    call_sid: str
    account_sid: str
    caller: str
    number: str
    opens_stream: bool = True
    sends_start: bool = True
    spoil_start: Spoil | None = None

    @property
    def route(self) -> str:
        """The path of the voice webhook."""
        kind = "incoming" if self.direction == "inbound" else "outbound"
        return f"/twiml/{kind}/{self.business_id}"

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the voice webhook; an outbound call is answered already."""
        is_inbound = self.direction == "inbound"
        ends = (self.caller, self.number) if is_inbound else (self.number, self.caller)
        return {
            "CallSid": self.call_sid,
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallStatus": "ringing" if is_inbound else "in-progress",
            "Direction": "inbound" if is_inbound else "outbound-api",
            "From": ends[0],
            "Caller": ends[0],
            "To": ends[1],
            "Called": ends[1],
        }


class Exchange:
    """Twilio's part in one call."""

    def __init__(self, server: Server, pace: Pace, details: Details) -> None:
        self.details = details
        self.timeline = Timeline()
        self.stream: MediaStream | None = None
        self.stream_url = ""
        self.answer: Answer | None = None
        self.words: list[str] = []
        self.dialled: list[str] = []
        self.outcome = ""
        self.violations: list[str] = []
        self._server = server
        self._pace = pace
        self._form = details.form
        self._hung_up = asyncio.Event()
        self._is_ending = False
        self._script: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Ask the server what to do, and start to do it."""
        self.answer = await self._post(self.details.route)
        if self.answer.status != OK:
            await self._end(f"the webhook answered {self.answer.status}")
            return
        verbs = self._read(self.answer)
        self._script = asyncio.get_running_loop().create_task(self._run(verbs))

    async def hang_up(self) -> None:
        """The caller hangs up: the stream stops, and no verb is run any more."""
        self._hung_up.set()
        if self.stream:
            await self.stream.stop()
        if self._script:
            await asyncio.wait({self._script}, timeout=2)
            self._script.cancel()
            await asyncio.gather(self._script, return_exceptions=True)
        await self._end("the caller hung up")

    async def _run(self, verbs: list[twiml.Verb]) -> None:
        """Do what TwiML says, redirects included."""
        try:
            for _ in range(MOST_REDIRECTS):
                redirect = await self._run_until_redirect(verbs)
                if redirect is None:
                    return
                answer = await self._post(redirect.url)
                if answer.status != OK:
                    await self._end(f"{redirect.url} answered {answer.status}")
                    return
                verbs = self._read(answer)
            await self._end("too many redirects")
        except Unreachable as error:
            await self._end(str(error))

    async def _run_until_redirect(self, verbs: list[twiml.Verb]) -> twiml.Redirect | None:
        for verb in verbs:
            if isinstance(verb, twiml.Redirect):
                return verb
            await self._do(verb)
            if self._hung_up.is_set() or self._is_ending:
                return None
        await self._end("the server had nothing more to do")
        return None

    async def _do(self, verb: twiml.Verb) -> None:
        match verb:
            case twiml.Connect():
                await self._connect(verb)
            case twiml.Say(words):
                self.words.append(words)
                self.timeline.add(Kind.SPOKEN_BY_TWILIO, words)
            case twiml.Pause(seconds):
                await self._pace.sleep(seconds)
            case twiml.Dial(number):
                self.dialled.append(number)
                self.timeline.add(Kind.DIALLED, number)
                await self._end(f"put through to {number}")
            case twiml.Reject(reason):
                await self._end(f"rejected as {reason}")
            case _:
                await self._end("the server hung up")

    async def _connect(self, verb: twiml.Connect) -> None:
        self.stream_url = verb.url
        self.timeline.notice.tell()
        if not self.details.opens_stream:
            await self._hung_up.wait()
            return
        try:
            self.stream = await self._open_stream(verb)
        except StreamRefused as refused:
            self.timeline.add(Kind.STREAM_REFUSED, str(refused), refused.status)
            return
        self.timeline.notice.tell()
        await self.stream.wait_closed()
        if verb.status_callback:
            stream_sid = self.stream.stream_sid
            news = {"StreamSid": stream_sid, "StreamName": stream_sid}
            await self._tell(verb.status_callback, news | {"StreamEvent": "stream-stopped"})

    async def _open_stream(self, verb: twiml.Connect) -> MediaStream:
        stream = await MediaStream.open(
            self._server.reachable(verb.url),
            messages.Builder(
                f"MZ{uuid.uuid4().hex}", self.details.call_sid, self.details.account_sid
            ),
            pace=self._pace,
            timeline=self.timeline,
            headers=self._server.signature(verb.url),
        )
        if self.details.sends_start:
            stream.start(verb.parameters, self.details.spoil_start)
        return stream

    async def _end(self, outcome: str) -> None:
        """Tell the server, as a number's status callback does, and record the end; once only."""
        if self._is_ending:
            return
        self._is_ending = True
        if self.answer and self.answer.status == OK:
            seconds = round(self.timeline.seconds)
            self._form["CallStatus"] = "completed"
            await self._tell(
                STATUS_CALLBACK,
                {
                    "CallDuration": str(seconds),
                    "Duration": str(seconds // 60 + 1),
                    "CallbackSource": "call-progress-events",
                    "SequenceNumber": "0",
                },
            )
        self.outcome = outcome
        self.timeline.add(Kind.ENDED, outcome)

    async def _tell(self, address: str, news: dict[str, str]) -> None:
        """Post news that nobody waits for; a server that is gone does not matter any more."""
        try:
            await self._post(address, news)
        except Unreachable as error:
            self.timeline.add(Kind.WEBHOOK, f"{address}: {error}")

    async def _post(self, address: str, news: dict[str, str] | None = None) -> Answer:
        answer = await self._server.post(address, self._form | (news or {}))
        self.timeline.add(Kind.WEBHOOK, address, answer.status)
        return answer

    def _read(self, answer: Answer) -> list[twiml.Verb]:
        kind = answer.content_type.split(";")[0].strip()
        if kind not in ("text/xml", "application/xml"):
            self._violate(f"TwiML came as {kind or 'nothing'} and not as text/xml.")
        try:
            verbs = twiml.parse(answer.body)
        except twiml.TwimlError as error:
            self._violate(str(error))
            return []
        self.timeline.add(Kind.TWIML, ", ".join(type(verb).__name__ for verb in verbs))
        return verbs

    def _violate(self, sentence: str) -> None:
        self.violations.append(sentence)
        self.timeline.add(Kind.VIOLATION, sentence)
