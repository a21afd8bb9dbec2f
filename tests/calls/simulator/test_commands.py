"""The commands speak plainly, whether the call succeeds or not."""

import asyncio
import json
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from .scripted import Line, Scripted, scripted
from .test_caller import ANSWERS, CONNECT, HANGUP, media

BREAKS_OFF = CONNECT.replace("/media-stream/tok", "/media-stream/breaks")
SAY = "<Response><Say>We cannot take your call.</Say><Hangup/></Response>"


@pytest.fixture
def desk() -> Iterator[Scripted]:
    """A scripted server in a thread of its own, because commands bring their own event loop."""

    async def serve(line: Line) -> None:
        await line.until("start")
        await line.send("media", media=media(b"\x10" * 800))
        if line.socket.request.path.endswith("/breaks"):
            line.socket.transport.abort()
            return
        await line.until("stop")

    async def run() -> None:
        async with scripted(
            serve,
            answers=ANSWERS
            | {
                "/twiml/incoming/2": HANGUP,
                "/twiml/incoming/3": SAY,
                "/twiml/incoming/5": BREAKS_OFF,
            },
        ) as server:
            found.append(server)
            ready.set()
            await asyncio.get_running_loop().run_in_executor(None, done.wait)

    found: list[Scripted] = []
    ready, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(5)
    yield found[0]
    done.set()
    thread.join()


def simulate_call(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_call", *arguments, stdout=out)
    return out.getvalue()


def test_a_call_prints_a_line_for_each_thing_that_happens(desk):
    text = simulate_call("--business=1", f"--url={desk.base_url}", "--exchanges=0")
    for words in ("stream opened", "agent speaks", "agent quiet", "ended  the caller hung up"):
        assert words in text
    assert text.endswith(f"The call is at {desk.base_url}/admin/calls/call/\n")


def test_a_call_may_be_printed_as_data(desk):
    text = simulate_call("--business=1", f"--url={desk.base_url}", "--exchanges=0", "--json")
    data = json.loads(text)
    assert data["violations"] == []
    assert data["outcome"] == "the caller hung up"
    assert data["timeline"][0]["code"] == 200
    assert desk.requests[0].form["To"] == "+15005550101"


def test_a_call_that_nobody_answers_is_one_sentence(desk):
    with pytest.raises(CommandError, match=r"not answered: the server hung up\.$"):
        simulate_call("--business=2", f"--url={desk.base_url}")


def test_fallback_words_are_no_success(desk):
    with pytest.raises(CommandError, match=r"did not answer: .* heard the fallback words\.$"):
        simulate_call("--business=3", f"--url={desk.base_url}")


def test_a_server_that_goes_away_in_mid_call_is_no_success(desk):
    with pytest.raises(CommandError, match="broke off in the middle of the call"):
        simulate_call("--business=5", f"--url={desk.base_url}")


def test_a_stranger_at_the_address_is_one_sentence(desk):
    with pytest.raises(CommandError, match=r"^That is not voiceagent: "):
        simulate_call("--business=4", f"--url={desk.base_url}")


def test_no_server_is_one_sentence():
    sentence = r"No server answers at http://127\.0\.0\.1:1 .*make run"
    with pytest.raises(CommandError, match=sentence):
        simulate_call("--business=1", "--url=http://127.0.0.1:1")


def test_a_wrong_file_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        simulate_call("--business=1", f"--say={tmp_path}/none.wav")


def test_a_taken_port_is_one_sentence(desk):
    port = desk.base_url.rsplit(":", 1)[1]
    with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 cannot be used"):
        call_command("simulate_model", f"--port={port}")
