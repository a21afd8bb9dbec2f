"""Place one simulated call to a running server and print what happens in it."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.simulator import speech
from calls.simulator.caller import ACCOUNT_SID, CALLER, SimulatedCaller, business_number
from calls.simulator.telephone.stream import BROKEN_OFF
from calls.simulator.telephone.webhook import Unreachable, is_voiceagent

LINES = (
    "Hello, are you open tomorrow?",
    "And where exactly are you?",
    "Can I bring a friend?",
    "Thank you, that is all.",
)
PATIENCE = 12  # seconds that the caller waits for an answer
LOST = "The media socket broke off in the middle of the call: the server is gone, or was ended."
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    """The bundled caller, for whoever wants to watch a call."""

    help = (
        "Phones a business on a running server as Twilio would: hears the greeting, "
        "speaks, listens, hangs up. Publish a prompt while it talks and watch the next answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say whom to call, where, and what to say."""
        add = parser.add_argument
        add("--business", type=int, required=True, help="the id of the business")
        add("--direction", choices=("inbound", "outbound"), default="inbound")
        add("--url", default="http://127.0.0.1:8000", help="where the server is reached")
        add("--public-url", default="", help="the server's PUBLIC_BASE_URL, where it differs")
        add("--say", action="append", metavar="FILE.wav|TEXT", help="may be given several times")
        add("--exchanges", type=int, default=len(LINES), help="how often the caller speaks")
        add("--from", dest="caller", default=CALLER, help="the number of the person")
        add("--to", dest="number", default="", help="the number of the business")
        add("--json", action="store_true", help="print the timeline as data, at the end")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Place the call; everything that can go wrong is one sentence."""
        lines = [_line(what) for what in options["say"] or LINES]
        try:
            asyncio.run(self._call(lines, options))
        except (Unreachable, TimeoutError) as error:
            raise CommandError(f"{error} Is it running there? `make run` starts one.") from error
        except KeyboardInterrupt:
            self.stdout.write("The call was broken off.")
            raise SystemExit(130) from None

    async def _call(self, lines: list[str | Path], options: dict[str, Any]) -> None:
        as_data = options["json"]
        call = await SimulatedCaller.dial(
            options["url"],
            options["business"],
            options["direction"],
            next(iter(settings.TWILIO_AUTH_TOKENS), ""),
            public_base_url=options["public_url"] or _public_url(options["url"]),
            account_sid=settings.TWILIO_ACCOUNT_SID or ACCOUNT_SID,
            caller=options["caller"],
            number=options["number"] or business_number(options["business"]),
        )
        async with asyncio.TaskGroup() as tasks:
            if not as_data:
                tasks.create_task(self._print_moments(call))
            tasks.create_task(_converse(call, lines, options["exchanges"]))
        if as_data:
            self.stdout.write(json.dumps(_data(call), indent=2, ensure_ascii=False))
        if fault := await asyncio.to_thread(_fault, call, options["url"]):
            raise CommandError(fault)
        if not as_data:
            self.stdout.write(f"The call is at {options['url'].rstrip('/')}/admin/calls/call/")

    async def _print_moments(self, call: SimulatedCaller) -> None:
        if speech.is_instant():
            self.stdout.write("espeak-ng is not installed, so both voices are tones.")
        self.stdout.write(f"Everything below is simulated. Call {call.call_sid}:")
        for number in itertools.count():

            def is_there(call: SimulatedCaller, number: int = number) -> bool:
                return len(call.timeline) > number or call.is_over

            await call.until(is_there, within=3600)
            if number >= len(call.timeline):
                return
            self.stdout.write(str(call.timeline.moments[number]))


async def _converse(call: SimulatedCaller, lines: list[str | Path], exchanges: int) -> None:
    """Listen and speak in turn, then hang up; a call that ends by itself is left alone."""
    try:
        for line in itertools.islice(itertools.cycle(lines), exchanges):
            if not await _listens(call):
                return
            await call.say(line)
        await _listens(call)
    finally:
        await call.hang_up()


async def _listens(call: SimulatedCaller) -> bool:
    """Hear the agent out, and say whether the call is still there to go on."""

    def is_heard(call: SimulatedCaller) -> bool:
        return not _is_live(call) or (call.stream is not None and call.stream.agent_is_heard)

    try:
        await call.until(is_heard, "the agent", within=PATIENCE)
    except TimeoutError:
        return _is_live(call)
    if _is_live(call):
        await call.wait_for_silence(within=120)
    else:
        await call.ended()
    return _is_live(call)


def _is_live(call: SimulatedCaller) -> bool:
    return call.stream is not None and call.stream.is_open


def _fault(call: SimulatedCaller, url: str) -> str:
    """Say why this call was not what a caller wants; nothing when the agent answered."""
    if call.words:
        return "The agent did not answer: the caller heard the fallback words."
    if call.stream is not None:
        return LOST if call.stream.close_code == BROKEN_OFF else ""
    if not (call.answer and call.answer.is_twiml) and not is_voiceagent(url):
        return f"That is not voiceagent: {url} answers otherwise. `make run` starts it."
    return f"The call was not answered: {call.outcome.removesuffix('.')}."


def _line(what: str) -> str | Path:
    """Return what to say: a file that can be played, or the words themselves."""
    if not what.lower().endswith(".wav"):
        return what
    try:
        speech.load_wav(Path(what))
    except speech.AudioFileError as error:
        raise CommandError(str(error)) from error
    return Path(what)


def _public_url(url: str) -> str:
    """Return what the server at ``url`` takes for its own address.

    A server on this machine has these settings, and may stand behind a tunnel.
    """
    is_behind_tunnel = urlsplit(settings.PUBLIC_BASE_URL).hostname not in LOOPBACK
    is_here = urlsplit(url).hostname in LOOPBACK
    return settings.PUBLIC_BASE_URL if is_here and is_behind_tunnel else url


def _data(call: SimulatedCaller) -> dict[str, Any]:
    return {
        "call_sid": call.call_sid,
        "outcome": call.outcome,
        "violations": call.violations,
        "timeline": [moment.as_data() for moment in call.timeline],
    }
