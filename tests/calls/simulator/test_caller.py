"""The stand-in for Twilio asks, signs, counts, plays and complains as Twilio does."""

import asyncio
import base64
import re
import wave

import orjson
import pytest
from twilio.request_validator import RequestValidator

from calls.simulator import mulaw, speech
from calls.simulator.caller import ACCOUNT_SID, SimulatedCaller
from calls.simulator.telephone.timeline import Kind
from calls.simulator.telephone.webhook import Unreachable

from .scripted import Line, scripted

CONNECT = (
    '<Response><Connect><Stream url="MEDIA/media-stream/tok">'
    '<Parameter name="a" value="b"/></Stream></Connect>'
    "<Redirect>/twilio/stream-ended?business=1</Redirect></Response>"
)
HANGUP = "<Response><Hangup/></Response>"
ANSWERS = {"/twiml/incoming/1": CONNECT, "/twilio/stream-ended": HANGUP}


def media(audio: bytes) -> dict[str, str]:
    return {"payload": base64.b64encode(audio).decode()}


async def listen_for_ever(line: Line) -> None:
    await line.socket.wait_closed()


async def dial(desk, **options) -> SimulatedCaller:
    return await SimulatedCaller.dial(desk.base_url, 1, speed=20, **options)


async def test_the_webhook_carries_the_documented_form_with_a_good_signature():
    async with scripted(answers={"/twiml/incoming/1": HANGUP}) as desk:
        call = await dial(desk, auth_token="secret", public_base_url="https://voice.example")
        assert await call.ended() == "the server hung up"

    request = desk.requests[0]
    validator = RequestValidator("secret")
    signature = request.headers["X-Twilio-Signature"]
    assert validator.validate("https://voice.example/twiml/incoming/1", request.form, signature)
    assert re.fullmatch("CA[0-9a-f]{32}", request.form["CallSid"])
    assert request.form["From"] == "+15005550199"
    assert request.form["To"] == "+15005550101"
    assert (request.form["CallStatus"], request.form["Direction"]) == ("ringing", "inbound")
    assert call.violations == []


async def test_an_outbound_call_is_already_answered_and_comes_from_the_business():
    async with scripted(answers={"/twiml/outbound/1": HANGUP}) as desk:
        call = await SimulatedCaller.dial(desk.base_url, 1, "outbound")
        await call.ended()
    form = desk.requests[0].form
    assert (form["CallStatus"], form["Direction"]) == ("in-progress", "outbound-api")
    assert (form["From"], form["To"]) == ("+15005550101", "+15005550199")


async def test_the_stream_has_the_documented_messages_and_a_signature_over_its_own_address():
    seen: list[dict] = []

    async def serve(line: Line) -> None:
        await line.until("dtmf")
        await line.until("stop")
        seen.extend(line.messages)

    async with scripted(serve, answers=ANSWERS) as desk:
        call = await dial(desk, auth_token="secret")
        await call.say("Hello.")
        call.press("5")
        await call.hang_up()
        url = f"{desk.media_url}/media-stream/tok"
        path, headers = desk.handshakes[0]

    assert path == "/media-stream/tok"
    assert RequestValidator("secret").validate(url, {}, headers["x-twilio-signature"])
    connected, start, *rest = seen
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    sid = start["streamSid"]
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": sid,
        "start": {
            "streamSid": sid,
            "accountSid": ACCOUNT_SID,
            "callSid": call.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"a": "b"},
        },
    }
    numbers = [int(message["sequenceNumber"]) for message in seen[1:]]
    assert numbers == list(range(1, len(numbers) + 1))
    frames = [message["media"] for message in rest if message["event"] == "media"]
    assert [frame["chunk"] for frame in frames] == [str(n + 1) for n in range(len(frames))]
    assert [frame["timestamp"] for frame in frames] == [
        str(20 * (n + 1)) for n in range(len(frames))
    ]
    heard = b"".join(base64.b64decode(frame["payload"]) for frame in frames)
    assert speech.speak("Hello.") in heard
    assert {"track": "inbound_track", "digit": "5"} in [m.get("dtmf") for m in rest]
    assert rest[-1]["stop"] == {
        "accountSid": start["start"]["accountSid"],
        "callSid": call.call_sid,
    }


async def test_frames_are_paced_by_the_clock():
    async with scripted(listen_for_ever, answers=ANSWERS) as desk:
        call = await SimulatedCaller.dial(desk.base_url, 1, speed=10)
        began = asyncio.get_running_loop().time()
        await call.say("A sentence of quite some length.")  # 32 letters at 60 ms
        took = asyncio.get_running_loop().time() - began
        await call.hang_up()
    assert took >= 0.15


async def test_marks_come_back_when_played_and_a_clear_returns_them_at_once():
    order: list[str] = []

    async def serve(line: Line) -> None:
        await line.until("start")
        await line.send("mark", mark={"name": "nothing before"})
        order.append((await line.until("mark"))["mark"]["name"])
        await line.send("media", media=media(mulaw.tone(20, 1600)))
        sent_at = asyncio.get_running_loop().time()
        await line.send("mark", mark={"name": "played"})
        order.append((await line.until("mark"))["mark"]["name"])
        took = asyncio.get_running_loop().time() - sent_at
        order.append("not early" if took > 0.009 else f"after {took} s")
        await line.send("media", media=media(mulaw.tone(20, 800_000)))
        await line.send("mark", mark={"name": "never played"})
        await line.send("clear")
        order.append((await line.until("mark"))["mark"]["name"])
        await line.socket.close()

    async with scripted(serve, answers=ANSWERS) as desk:
        call = await dial(desk)
        assert await call.ended() == "the server hung up"
    assert order == ["nothing before", "played", "not early", "never played"]
    assert call.stream.marks_returned == ["nothing before", "played", "never played"]
    assert call.violations == []
    assert len(call.timeline.of(Kind.CLEARED)) == 1


async def test_the_caller_hears_a_sentence_only_once_it_was_played():
    sentence = "Good morning, this is a sentence that takes its time to be spoken."

    async def serve(line: Line) -> None:
        await line.until("start")
        await line.send("media", media=media(speech.speak(sentence)))
        await listen_for_ever(line)

    async with scripted(serve, answers=ANSWERS) as desk:
        call = await dial(desk)
        await call.wait_for_audio()
        assert speech.speak(sentence) not in call.stream.heard()
        await call.heard(sentence)
        await call.wait_for_silence()
        with pytest.raises(TimeoutError, match=r"“Another\.” to be heard"):
            await call.heard("Another.", within=0.05)
        await call.hang_up()
    assert call.outcome == "the caller hung up"


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ('{"event":"media","stream_sid":"SID","media":{"payload":"/w=="}}', "fields"),
        ('{"event":"media","streamSid":"other","media":{"payload":"/w=="}}', "another stream"),
        ('{"event":"media","streamSid":"SID","media":{"payload":"?"}}', "not base64"),
        ('{"event":"media","streamSid":"SID","media":{"payload":""}}', "empty"),
        (
            '{"event":"media","streamSid":"SID","media":{"payload":"/w==","track":"outbound"}}',
            "fields",
        ),
        ('{"event":"mark","streamSid":"SID","mark":{"name":5}}', "not text"),
        ('{"event":"mark","streamSid":"SID","mark":"a"}', "not an object"),
        ('{"event":"clear","streamSid":"SID","clear":{}}', "fields"),
        ('{"event":"stop","streamSid":"SID"}', "not one that a server may send"),
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        (b"\x00", "binary"),
    ],
)
async def test_what_twilio_would_not_accept_is_a_violation(message, complaint):
    async def serve(line: Line) -> None:
        await line.until("start")
        is_text = isinstance(message, str)
        await line.socket.send(message.replace("SID", line.sid) if is_text else message)
        await line.socket.close()

    async with scripted(serve, answers=ANSWERS) as desk:
        call = await dial(desk)
        await call.ended()
    assert len(call.violations) == 1
    assert complaint in call.violations[0]


async def test_after_the_stream_the_redirect_is_followed_and_heard():
    after = (
        '<Response><Say language="en-US">Sorry.</Say><Pause length="1"/>'
        "<Dial><Number>+15005550111</Number></Dial></Response>"
    )

    async def serve(line: Line) -> None:
        await line.until("start")
        await line.socket.close(1000)

    answers = ANSWERS | {"/twilio/stream-ended": after}
    async with scripted(serve, answers=answers) as desk:
        call = await dial(desk, auth_token="secret")
        await call.heard("Sorry.")
        assert await call.ended() == "put through to +15005550111"
    assert call.dialled == ["+15005550111"]
    assert call.stream.close_code == 1000
    request = desk.posts("/twilio/stream-ended")[0]
    url = f"{desk.base_url}/twilio/stream-ended?business=1"
    assert RequestValidator("secret").validate(
        url, request.form, request.headers["X-Twilio-Signature"]
    )
    last = desk.posts("/twilio/status")[-1].form
    assert last["CallStatus"] == "completed"
    assert last["CallSid"] == call.call_sid


async def test_a_refused_webhook_ends_the_call_and_tells_nobody():
    async with scripted(answers={"/twiml/incoming/1": "no"}, status=403) as desk:
        call = await dial(desk)
    assert call.outcome == "the webhook answered 403"
    assert call.answer.status == 403
    assert len(desk.requests) == 1


async def test_a_refused_stream_goes_on_with_the_next_verb():
    answers = {"/twiml/incoming/1": CONNECT.replace("MEDIA", "ws://127.0.0.1:1")}
    async with scripted(answers=answers | {"/twilio/stream-ended": HANGUP}) as desk:
        call = await dial(desk)
        await call.ended()
    assert len(call.timeline.of(Kind.STREAM_REFUSED)) == 1
    assert len(desk.posts("/twilio/stream-ended")) == 1


@pytest.mark.parametrize(
    "document",
    ["<Response><Connect/></Response>", "<Responses/>", "<", "<Response><X/></Response>"],
)
async def test_a_document_that_twilio_would_not_run_is_a_violation(document):
    async with scripted(answers={"/twiml/incoming/1": document}) as desk:
        call = await dial(desk)
        await call.ended()
    assert len(call.violations) == 1


async def test_tests_can_spoil_the_start_skip_it_and_break_off():
    seen: list[dict] = []

    async def serve(line: Line) -> None:
        try:
            while True:
                seen.append(await line.next())
        finally:
            seen.append({"event": "gone"})

    def spoil(message: dict) -> None:
        message["start"]["accountSid"] = "AC_other"

    async with scripted(serve, answers=ANSWERS) as desk:
        spoilt = await dial(desk, spoil_start=spoil)
        await spoilt.lose_network()
        assert await spoilt.ended() == "the server hung up"
        assert seen[1]["start"]["accountSid"] == "AC_other"
        assert "stop" not in [message["event"] for message in seen]
        seen.clear()
        silent = await dial(desk, sends_start=False)
        silent.send_raw(orjson.dumps({"event": "odd"}).decode())
        await silent.hang_up()
    assert [message["event"] for message in seen] == ["connected", "odd", "stop", "gone"]


async def test_a_call_can_stop_short_of_its_stream():
    async with scripted(answers=ANSWERS) as desk:
        call = await dial(desk, opens_stream=False)
        assert call.stream_url == f"{desk.media_url}/media-stream/tok"
        assert call.stream is None
        await call.hang_up()
    assert desk.handshakes == []


async def test_nobody_there_is_a_sentence():
    with pytest.raises(Unreachable, match=r"No server answers at http://127.0.0.1:1 \("):
        await SimulatedCaller.dial("http://127.0.0.1:1", 1)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 2), (44100, 1), (6000, 2)])
def test_wav_files_of_any_rate_become_telephone_sound(tmp_path, rate, channels):
    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(b"\x00\x20" * rate * channels)
    audio = speech.load_wav(path)
    assert len(audio) == 8000
    assert {mulaw.SAMPLES[byte] for byte in audio} == {8316}


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wav at all, just words" * 9])
def test_a_wrong_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "voice.wav"
    path.write_bytes(content)
    with pytest.raises(speech.AudioFileError, match="is not a WAV file of plain 16-bit samples"):
        speech.load_wav(path)
    with pytest.raises(speech.AudioFileError, match="There is no file"):
        speech.load_wav(tmp_path / "none.wav")


def test_eight_bit_sound_is_refused_with_what_would_do(tmp_path):
    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(b"\x80" * 100)
    with pytest.raises(speech.AudioFileError, match="16-bit samples in one or two channels"):
        speech.load_wav(path)
