"""What strangers and broken peers send to the media socket: refused, ignored or closed, alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from calls.live import consumer
from calls.simulator.caller import SimulatedCaller
from calls.simulator.realtime.record import Keep
from calls.simulator.telephone import messages
from calls.simulator.telephone.timeline import Kind
from calls.simulator.telephone.webhook import Server
from prompts.models import Business
from tests.live.indoors import indoors
from tests.live.numbers import arrival, numbered, numbers_heard
from tests.live.stage import GREETING, TOKEN, House, Stage, stage

OTHER_CALL, OTHER_ACCOUNT = "CA" + "9" * 32, "AC" + "9" * 32


@asynccontextmanager
async def socket_at(url: str, **headers: str) -> AsyncIterator[ClientConnection]:
    """The media socket as a stranger opens it."""
    async with connect(url, additional_headers=headers, compression=None, proxy=None) as socket:
        yield socket


async def is_refused(url: str, **headers: str) -> bool:
    """Whether the upgrade is refused before it is accepted."""
    try:
        async with socket_at(url, **headers):
            return False
    except InvalidStatus as refusal:
        return refusal.response.status_code in (403, 404)


async def closed(socket: ClientConnection) -> int | None:
    """The code with which the server closes."""
    async with asyncio.timeout(5):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


async def waiting(on: Stage, business_id: int = 1) -> SimulatedCaller:
    """A call that was answered and whose media socket nobody has opened yet."""
    return await on.dial(business_id, opens_stream=False)


async def test_a_socket_without_a_good_token_is_refused_before_accept(either: House) -> None:
    async with stage(either) as on:
        expired, used = await waiting(on), await waiting(on)
        on.books.write(
            "UPDATE calls_call SET token_expires_at = started_at WHERE sid = %s", expired.call_sid
        )
        base = used.stream_url.rsplit("/", 1)[0]
        for url in (f"{base}/", f"{base}/{'x' * 43}", f"{base}/%D7%A9", expired.stream_url):
            assert await is_refused(url)
        async with socket_at(used.stream_url):
            assert await is_refused(used.stream_url)
        assert await is_refused(used.stream_url)
        assert on.model.handshakes == 0


async def test_a_wrong_stream_signature_is_refused_and_a_right_one_is_not(either: House) -> None:
    async with stage(either) as on:
        call = await waiting(on)
        header = "X-Twilio-Signature"
        for signature in ("", "wrong", "x" * 28):
            assert await is_refused(call.stream_url, **{header: signature})
        base = either.server.base_url
        right = Server(base, base, TOKEN).signature(call.stream_url)
        async with socket_at(call.stream_url, **right):
            assert on.model.handshakes == 0


@pytest.mark.parametrize("key", ["callSid", "accountSid"])
async def test_a_start_that_names_another_is_closed_within_a_second(
    either: House, key: str
) -> None:
    other = {"callSid": OTHER_CALL, "accountSid": OTHER_ACCOUNT}[key]

    def spoil(message: dict[str, Any]) -> None:
        message["start"][key] = other

    async with stage(either) as on:
        call = await on.dial(1, spoil_start=spoil)
        await call.until(lambda c: c.is_over, "the end")
        opened, shut = (
            call.timeline.of(kind)[0] for kind in (Kind.STREAM_OPENED, Kind.STREAM_CLOSED)
        )
        assert shut.code == 1000
        assert shut.at - opened.at < 1
        assert on.model.handshakes == 0
        row = on.books.call(call.call_sid)
        assert (row["end_reason"], call.dialled) == ("refused", ["+15005550111"])


async def test_a_socket_that_never_starts_is_closed(
    business: Business, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "START_WITHIN", 0.3)
    async with indoors(settings) as on:
        call = await on.dial(business.pk, sends_start=False)
        await call.until(lambda c: c.is_over, "the end")
        assert call.timeline.of(Kind.STREAM_CLOSED)[0].code == 1000
        assert call.words
        assert on.model.handshakes == 0


NONSENSE: dict[str, str | bytes] = {
    "not JSON": "{",
    "no object": "[1, 2]",
    "empty": "",
    "binary": b"\x00\x01",
    "deep": "[" * 60_000,
    "deep and closed": "[" * 20_000 + "]" * 20_000,
    "unknown event": '{"event":"surprise"}',
    "event of another type": '{"event":["media"]}',
    "media without payload": '{"event":"media","media":{}}',
    "bad base64": '{"event":"media","media":{"payload":"//8=%%"}}',
    "payload of another type": '{"event":"media","media":{"payload":[1]}}',
    "mark without name": '{"event":"mark","mark":null}',
    "second connected": messages.CONNECTED,
    "lone surrogate": '{"event":"mark","mark":{"name":"\\ud800"}}',
}


async def test_a_bad_frame_is_skipped_and_logged_once_for_its_socket(either: House) -> None:
    before = len(either.server.log)
    async with stage(either, keep=Keep.AUDIO) as on:
        await on.publish(1, "Words of a sturdy call.")
        call = await on.dial(1)
        await call.heard(GREETING)
        for frame in NONSENSE.values():
            call.send_raw(frame)
        await check_goes_on(on, call)
    log = either.server.log[before:]
    assert log.count(f"Media stream of call {call.call_sid}:") == log.count("Media stream of") == 1
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        (lambda call: call.send_raw("x" * 65_537), "over 64 KiB"),
        (lambda call: call.send_raw("ש" * 32_769), "over 64 KiB"),
        (lambda call: call.send_raw(_second_start(call)), "second start"),
        (lambda call: [call.send_raw("{") for _ in range(60)], "bad frames"),
    ],
    ids=["over 64 KiB", "over 64 KiB of Hebrew", "second start", "flood of nonsense"],
)
async def test_a_peer_that_breaks_the_rules_loses_its_socket_and_nobody_else_does(
    either: House, spoil: Callable[[SimulatedCaller], object], detail: str
) -> None:
    before = len(either.server.log)
    async with stage(either, keep=Keep.AUDIO) as on:
        await on.publish(1, "Words of a sturdy call.")
        good, bad = await on.dial(1), await on.dial(1)
        await asyncio.gather(good.heard(GREETING), bad.heard(GREETING))
        spoil(bad)
        await bad.until(lambda c: c.is_over, "the end of the bad call")
        row = on.books.call(bad.call_sid)
        assert row["end_reason"] == "interrupted"
        assert detail in row["end_detail"]
        await check_goes_on(on, good)
    assert "Traceback" not in either.server.log[before:]


def _second_start(call: SimulatedCaller) -> str:
    sid = call.stream.stream_sid
    return (
        f'{{"event":"start","streamSid":"{sid}","start":{{"streamSid":"{sid}",'
        f'"callSid":"{call.call_sid}","accountSid":"AC{"0" * 31}1"}}}}'
    )


async def test_frames_before_the_start_are_skipped_and_the_call_begins(uvicorn: House) -> None:
    async with stage(uvicorn, keep=Keep.AUDIO) as on:
        call = await on.dial(1, sends_start=False)
        for frame in ('{"event":"media","media":{"payload":"//8="}}', '{"event":"stop"}', "{"):
            call.send_raw(frame)
        call.stream.start({})
        await call.heard(GREETING)
        await check_goes_on(on, call)


async def check_goes_on(on: Stage, call: SimulatedCaller) -> None:
    """Numbered frames still pass in one of the model's sessions, in order and complete."""
    call.stream.say(numbered(1, 50))
    session = await on.model.session_matching(numbers_heard)
    assert await arrival(session, 50) == list(range(1, 51))
    assert not call.is_over
    assert call.violations == []
