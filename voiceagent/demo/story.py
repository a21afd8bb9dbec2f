"""What the demo tells: one call, during which its prompt is published anew."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import close_old_connections

from calls.domain.records import Result, Route, Speaker
from calls.models import Call, Receipt, Turn
from calls.simulator.caller import SimulatedCaller
from calls.simulator.telephone.timeline import Kind
from prompts.domain.kinds import Direction
from prompts.models import Business
from prompts.selectors import current_versions
from prompts.tokens import make_command_token
from voiceagent.demo.stage import DemoFailed

BUSINESS = 1
QUESTION = "Hello, do you have a free appointment this week?"
INTERRUPTION = "Wait, one more thing: what does a check-up cost?"
OFFER = "This week a check-up with cleaning costs sixty dollars."
PROOF = """\
          (Asked anything, the model's stand-in says the first sentence of the prompt in force
          and the fingerprint of its instructions, so that you hear which words it holds.)"""
Found = TypeVar("Found")


class Story:
    """Tells the steps of one call as they really happen, with the seconds since it began."""

    def __init__(self, base_url: str, tell: Callable[[str], None]) -> None:
        self._base_url = base_url
        self._tell = tell
        self._began = time.monotonic()

    async def run(self) -> None:
        """Live through the call; raises DemoFailed at the first step that does not happen."""
        token = settings.TWILIO_AUTH_TOKENS[0]
        self._say("A customer calls. Twilio's stand-in posts the signed webhook.")
        call = await SimulatedCaller.dial(self._base_url, BUSINESS, "inbound", token)
        async with call:
            if call.stream is None:
                raise DemoFailed(f"The call was not connected: {call.outcome}.")
            self._say("The answer is TwiML; the media stream is open.")
            await self._hears_greeting(call)
            await self._asks(call)
            await self._interrupts_while_published(call)
        await self._is_on_record(call)

    # The steps

    async def _hears_greeting(self, call: SimulatedCaller) -> None:
        receipt = await self._receipt(call, Route.START)
        self._say(
            f"The model confirms its instructions: v{receipt.version}, "
            f"{receipt.hash_echoed[:12]}, receipt {receipt.result} ({receipt.route})."
        )
        turn = await self._answer(call, "the greeting", lambda turn: bool(turn.text))
        await self._listens(call, turn.text)
        self._say(f"Agent, v{turn.version}: “{turn.text}” - heard to the end.")

    async def _asks(self, call: SimulatedCaller) -> None:
        await call.wait_for_silence()
        self._tell(PROOF)
        self._say(f"Caller: “{QUESTION}” (this takes some seconds to say)")
        await call.say(QUESTION)
        turn = await self._answer(call, "the first answer", lambda turn: turn.version == 1, 1)
        await call.wait_for_audio()
        self._say(f"Agent, v{turn.version}, {turn.fingerprint[:12]}: “{turn.text}”")

    async def _interrupts_while_published(self, call: SimulatedCaller) -> None:
        self._say(f"Caller interrupts: “{INTERRUPTION}”")
        speaking = asyncio.create_task(call.say(INTERRUPTION))
        await call.until(
            lambda call: call.timeline.of(Kind.CLEARED), "the agent to stop", within=10
        )
        self._say("The agent stops: Twilio's queue is cleared, the model forgets what was unheard.")
        published = await asyncio.to_thread(self._publish)
        self._say(f"Meanwhile v{published} is published: “{OFFER}”")
        receipt = await self._receipt(call, Route.PUSH)
        if receipt.result != Result.ACKNOWLEDGED:
            raise DemoFailed(f"The receipt of v{published} says {receipt.result}.")
        self._say(
            f"Receipt: v{receipt.version} {receipt.result} by {receipt.route}, "
            f"{receipt.hash_echoed[:12]}, {_milliseconds(receipt)} after the commit."
        )
        if not speaking.done():
            self._say("(the caller is still speaking)")
        await speaking
        turn = await self._answer(call, "an answer under v2", lambda turn: turn.version == 2)
        await self._listens(call, turn.text)
        if OFFER not in turn.text:
            raise DemoFailed("The last answer does not say what was published.")
        self._say(f"Agent, v{turn.version}, {turn.fingerprint[:12]}: “{turn.text}” - heard.")
        await call.hang_up()
        self._say("The caller hangs up.")

    async def _is_on_record(self, call: SimulatedCaller) -> None:
        if call.violations:
            raise DemoFailed(f"Twilio would have complained: {call.violations[0]}")
        row = await self._until(lambda: _ended(call.call_sid), "the call's row to be closed")
        turns = await asyncio.to_thread(lambda: list(row.turns.order_by("position")))
        self._tell("")
        self._tell(f"Call {row.sid}: {row.end_sentence} {row.duration_seconds} s, on record as:")
        for turn in turns:
            self._tell(_line(turn))

    # What the steps use

    def _publish(self) -> int:
        """Publish through the running server, by the same service that the admin uses."""
        current = current_versions(Business.objects.get(pk=BUSINESS))[Direction.INBOUND]
        close_old_connections()
        if current is None:
            raise DemoFailed("The demo business has no inbound prompt.")
        body = {
            "inbound": f"{OFFER}\n\n{current.text}",
            "note": "Offer of the week",
            "base": {"inbound": current.number},
        }
        request = Request(  # noqa: S310 - our own address
            f"{self._base_url}/api/admin/businesses/{BUSINESS}/prompt",
            data=json.dumps(body).encode(),
            method="PUT",
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {make_command_token()}",
            },
        )
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
                version: int = json.load(answer)["inbound"]["version"]
                return version
        except HTTPError as error:
            raise DemoFailed(f"Publishing was refused: {error.read().decode()}") from error

    async def _receipt(self, call: SimulatedCaller, route: Route) -> Receipt:
        receipts = Receipt.objects.filter(call__sid=call.call_sid, route=route.value)
        return await self._until(receipts.first, f"a receipt by {route}")

    async def _answer(
        self,
        call: SimulatedCaller,
        what: str,
        fits: Callable[[Turn], bool],
        after: int = 0,
    ) -> Turn:
        """The newest turn of the agent that fits, once at least ``after`` others came before."""

        def look() -> Turn | None:
            turns = Turn.objects.filter(call__sid=call.call_sid, speaker=Speaker.AGENT.value)
            found = list(turns.order_by("position"))[after:]
            return found[-1] if found and found[-1].text and fits(found[-1]) else None

        return await self._until(look, what)

    async def _listens(self, call: SimulatedCaller, text: str) -> None:
        """Wait until the caller has heard all of it, and say so when that takes a while."""
        hearing = asyncio.ensure_future(call.heard(text))
        done, _still = await asyncio.wait([hearing], timeout=2)
        if not done:
            self._say("(the agent is speaking)")
        await hearing

    async def _until(self, look: Callable[[], Found | None], what: str) -> Found:
        """Wait until a row is there; says what it waits for when that takes over two seconds."""
        began = time.monotonic()
        told = False
        while time.monotonic() < began + 20:
            found = await asyncio.to_thread(_with_connection(look))
            if found is not None:
                return found
            if not told and time.monotonic() > began + 2:
                told = True
                self._say(f"(waiting for {what})")
            await asyncio.sleep(0.05)
        raise DemoFailed(f"Waited 20 seconds in vain for {what}.")

    def _say(self, line: str) -> None:
        self._tell(f"{time.monotonic() - self._began:6.2f} s  {line}")


def _with_connection(look: Callable[[], Found | None]) -> Callable[[], Found | None]:
    """A look at the database that gives its connection back."""

    def looked() -> Found | None:
        try:
            return look()
        finally:
            close_old_connections()

    return looked


def _ended(sid: str) -> Call | None:
    return Call.objects.filter(sid=sid, ended_at__isnull=False).first()


def _milliseconds(receipt: Receipt) -> str:
    if receipt.committed_at is None or receipt.acknowledged_at is None:
        return "some time"
    return f"{(receipt.acknowledged_at - receipt.committed_at).total_seconds() * 1000:.0f} ms"


def _line(turn: Turn) -> str:
    if turn.speaker == Speaker.CALLER:
        return f"  {turn.position:2}  caller      {turn.text}"
    heard = "interrupted, heard: " + (turn.heard or "nothing") if turn.interrupted else "heard"
    return (
        f"  {turn.position:2}  agent  v{turn.version}  {turn.text}\n"
        f"                  {turn.fingerprint[:12]}, known by {turn.known_by}, {heard}"
    )
