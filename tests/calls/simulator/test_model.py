"""The stand-in for the model keeps the order, the rules and the words of the real one."""

import base64
from collections.abc import AsyncIterator

import orjson
import pytest
from openai import AsyncOpenAI
from websockets.exceptions import ConnectionClosed, InvalidStatus

from calls.simulator import mulaw, speech
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel, ensure_running, stop_running
from calls.simulator.realtime import words
from calls.simulator.realtime.settings import DEFAULT_INSTRUCTIONS

from .wire import AUDIO, PAUSE, SPEECH, Client, check_client_event, connected

ANSWER_PARTS = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
    "response.done",
]


@pytest.fixture
async def model() -> AsyncIterator[SimulatedModel]:
    async with SimulatedModel(speed=10) as model:
        yield model


@pytest.fixture
async def client(model: SimulatedModel) -> AsyncIterator[Client]:
    async with connected(model) as client:
        yield client


def first_of_each(kinds: list[str]) -> list[str]:
    return list(dict.fromkeys(kinds))


async def test_a_session_begins_unconfigured_with_the_defaults_of_the_real_one(client):
    event = await client.next()

    assert event["type"] == "session.created"
    session = event["session"]
    assert session["instructions"] == DEFAULT_INSTRUCTIONS
    assert session["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
    assert session["audio"]["input"]["turn_detection"]["type"] == "server_vad"
    assert session["object"] == "realtime.session"


async def test_an_answer_comes_in_the_documented_order_and_ends_with_usage(client):
    await client.configure()
    client.events.clear()

    await client.send("response.create", event_id="c1")
    done = await client.until("response.done")

    assert first_of_each(client.kinds) == ANSWER_PARTS
    response = done["response"]
    assert response["status"] == "completed"
    usage = response["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0


async def test_sound_and_transcript_together_are_the_proof_of_the_instructions(client):
    text = "You answer for Rosa's Bakery. Be brief."
    await client.configure(text)

    await client.send("response.create")
    await client.until("response.done")

    said = f"You answer for Rosa's Bakery. Fingerprint {words.fingerprint(text)}."
    kinds = "response.output_audio_transcript.delta", "response.output_audio.delta"
    transcript, audio = (
        [event["delta"] for event in client.events if event["type"] == kind] for kind in kinds
    )
    assert "".join(transcript) == said
    assert b"".join(map(base64.b64decode, audio)) == speech.speak(said)
    assert len(audio) > 5


async def test_a_turn_of_the_caller_comes_in_the_documented_order(client):
    audio = {**AUDIO, "input": {**AUDIO["input"], "transcription": {"model": "gpt-transcribe"}}}
    await client.configure(audio=audio)
    client.events.clear()

    await client.speak(PAUSE + SPEECH + PAUSE)
    await client.until("response.done")

    turn = [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created",
    ]
    assert client.kinds[:6] == turn
    started, stopped, committed = client.events[:3]
    assert started["item_id"] == stopped["item_id"] == committed["item_id"]
    assert started["audio_start_ms"] == 800 - 300
    assert stopped["audio_end_ms"] == 800 + 600 + 500


async def test_the_transcript_of_the_caller_says_honestly_what_is_known(client):
    audio = {**AUDIO, "input": {**AUDIO["input"], "transcription": {"model": "gpt-transcribe"}}}
    await client.configure(audio=audio)
    await client.speak(PAUSE + SPEECH + PAUSE)
    kind = "conversation.item.input_audio_transcription.completed"
    assert (await client.until(kind))["transcript"] == "(1.4 seconds of speech)"


async def test_the_callers_voice_cancels_the_running_answer(client):
    await client.configure("First sentence of a long prompt, long enough to be interrupted in it.")
    await client.send("response.create")
    await client.until("response.output_audio.delta")

    await client.speak(SPEECH, size=len(SPEECH))
    done = await client.until("response.done")

    details = {"type": "cancelled", "reason": "turn_detected"}
    assert done["response"]["status_details"] == details
    assert done["response"]["output"][0]["status"] == "incomplete"
    assert "response.output_item.done" in client.kinds
    await client.speak(PAUSE)
    assert (await client.until("response.done"))["response"]["status"] == "completed"


async def test_with_interrupting_and_answering_off_the_answer_goes_on(client):
    turn = {"type": "server_vad", "interrupt_response": False, "create_response": False}
    audio = {**AUDIO, "input": {**AUDIO["input"], "turn_detection": turn}}
    await client.configure(audio=audio)
    await client.send("response.create")
    await client.until("response.output_audio.delta")

    await client.speak()

    assert (await client.until("response.done"))["response"]["status"] == "completed"
    assert client.kinds.count("response.created") == 1


async def test_a_client_cancels_by_id_and_a_second_cancel_finds_nothing(client):
    await client.configure()
    await client.send("response.create")
    created = await client.until("response.created")

    await client.send("response.cancel", response_id=created["response"]["id"])
    done = await client.until("response.done")
    await client.send("response.cancel", event_id="again")
    error = (await client.until("error"))["error"]

    assert done["response"]["status_details"]["reason"] == "client_cancelled"
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "again")


async def test_a_second_answer_is_refused_while_one_runs_unless_it_is_out_of_band(client):
    await client.configure()
    await client.send("response.create")
    running = (await client.until("response.created"))["response"]["id"]

    await client.send("response.create", event_id="second")
    error = (await client.until("error"))["error"]
    own = {"conversation": "none", "metadata": {"kind": "note"}, "instructions": "Say “Hi.”"}
    await client.send("response.create", response=own)
    aside = (await client.until("response.created"))["response"]

    assert error["code"] == "conversation_already_has_active_response"
    assert running in error["message"]
    assert error["event_id"] == "second"
    assert aside["conversation_id"] is None
    assert aside["metadata"] == {"kind": "note"}


@pytest.mark.parametrize(
    ("request_fields", "code", "param"),
    [
        ({"session": {"instructions": "x"}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "transcription"}}, "invalid_value", "session.type"),
        (
            {"session": {"type": "realtime", "modalities": ["audio"]}},
            "unknown_parameter",
            "session.modalities",
        ),
        (
            {"session": {"type": "realtime", "input_audio_format": "g711_ulaw"}},
            "unknown_parameter",
            "session.input_audio_format",
        ),
        (
            {"session": {"type": "realtime", "audio": {"input": {"format": "audio/pcmu"}}}},
            "invalid_value",
            "session.audio.input.format",
        ),
        ({"session": {"type": "realtime", "model": "other"}}, "invalid_value", "session.model"),
    ],
)
async def test_a_wrong_update_is_refused_with_its_place_and_changes_nothing(
    client, request_fields, code, param
):
    await client.configure("Stay.")
    wrong = {"type": "session.update", "event_id": "u1", **request_fields}
    await client.socket.send(orjson.dumps(wrong).decode())

    error = (await client.until("error"))["error"]
    assert (error["code"], error["param"], error["event_id"]) == (code, param, "u1")
    await client.send("session.update", session={"type": "realtime"})
    assert (await client.until("session.updated"))["session"]["instructions"] == "Stay."


async def test_only_present_keys_change_and_null_clears(client):
    turn = {"type": "server_vad", "threshold": 0.7}
    noise = {"type": "near_field"}
    sound = {**AUDIO["input"], "turn_detection": turn, "noise_reduction": noise}
    first = (await client.configure(audio={**AUDIO, "input": sound}))["session"]
    change = {"type": "realtime", "audio": {"input": {"noise_reduction": None}}}
    await client.send("session.update", session=change)
    second = (await client.until("session.updated"))["session"]

    assert first["audio"]["input"]["noise_reduction"] == noise
    assert second["audio"]["input"]["noise_reduction"] is None
    assert second["audio"]["input"]["turn_detection"] == {
        **turn,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    }
    assert second["instructions"] == first["instructions"]


async def test_the_voice_is_fixed_once_the_model_has_spoken_even_the_same_voice(client):
    audio = {"input": AUDIO["input"], "output": {**AUDIO["output"], "voice": "marin"}}
    await client.configure(audio=audio)
    await client.send("response.create")
    await client.until("response.done")

    again = {"type": "realtime", "audio": {"output": {"voice": "marin"}}}
    await client.send("session.update", session=again)

    assert (await client.until("error"))["error"]["code"] == "cannot_update_voice"


async def test_truncating_follows_the_documented_rules(client):
    await client.configure()
    await client.send("response.create")
    done = await client.until("response.done")
    item_id = done["response"]["output"][0]["id"]

    async def truncate(item: str, end: int) -> dict[str, object]:
        kind = "conversation.item.truncate"
        await client.send(kind, item_id=item, content_index=0, audio_end_ms=end, event_id="t")
        return await client.next()

    assert (await truncate("nobody", 5))["error"]["code"] == "item_truncate_invalid_item_id"
    assert (await truncate(item_id, 0))["error"]["code"] == "unsupported_content_type"
    too_far = (await truncate(item_id, 999_999))["error"]
    assert "is already shorter than 999999ms" in too_far["message"]
    assert (await truncate(item_id, 700))["audio_end_ms"] == 700
    await client.send("conversation.item.retrieve", item_id=item_id)
    content = (await client.until("conversation.item.retrieved"))["item"]["content"][0]
    assert "transcript" not in content
    assert len(base64.b64decode(content["audio"])) == 700 * mulaw.BYTES_PER_MS
    await client.send("conversation.item.delete", item_id=item_id)
    assert (await client.next())["type"] == "conversation.item.deleted"
    assert (await truncate(item_id, 100))["error"]["code"] == "item_truncate_invalid_item_id"


async def test_history_and_results_of_functions_can_be_added(client):
    await client.configure()
    call = {"type": "function_call", "name": "book", "arguments": "{}", "call_id": "call_1"}
    result = {"type": "function_call_output", "call_id": "call_1", "output": "{}"}
    await client.send("conversation.item.create", item=call)
    await client.until("conversation.item.done")
    await client.send("conversation.item.create", item=result)
    await client.until("conversation.item.done")
    await client.send("conversation.item.create", item=result | {"call_id": "call_2"})
    assert (await client.until("error"))["error"]["code"] == "invalid_tool_call_id"


async def test_without_turn_detection_the_client_commits(client):
    audio = {**AUDIO, "input": {**AUDIO["input"], "turn_detection": None}}
    await client.configure(audio=audio)
    await client.speak(mulaw.silence(80))
    await client.send("input_audio_buffer.commit")
    assert (await client.until("error"))["error"]["code"] == "input_audio_buffer_commit_empty"
    await client.speak(SPEECH)
    await client.send("input_audio_buffer.commit")
    await client.until("conversation.item.done")
    await client.send("input_audio_buffer.clear")
    await client.until("input_audio_buffer.cleared")
    assert "input_audio_buffer.speech_started" not in client.kinds


async def test_a_long_silence_after_an_answer_brings_another_one(client):
    turn = {"type": "server_vad", "idle_timeout_ms": 5000}
    await client.configure(audio={**AUDIO, "input": {**AUDIO["input"], "turn_detection": turn}})
    await client.send("response.create")
    await client.until("response.done")

    await client.speak(mulaw.silence(12_000), size=8000)

    triggered = await client.until("input_audio_buffer.timeout_triggered")
    assert (await client.next())["item_id"] == triggered["item_id"]
    await client.until("response.done")


async def test_an_answer_ends_at_its_token_limit(client):
    await client.configure()
    await client.send("response.create", response={"max_output_tokens": 10})
    response = (await client.until("response.done"))["response"]
    assert response["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}


async def test_sound_in_another_format_is_an_error_and_not_noise(client):
    await client.until("session.created")
    await client.speak(SPEECH, size=len(SPEECH))
    assert (await client.until("error"))["error"]["param"] == "session.audio.input.format"


@pytest.mark.parametrize(
    "frame", ["{", "[]", b"\x00", '{"type": 5}', '{"type": "output_audio_buffer.clear"}', "{}"]
)
async def test_nonsense_is_answered_with_an_error_and_the_session_goes_on(client, frame):
    await client.socket.send(frame)
    await client.until("error")
    await client.configure()


async def test_handshakes_without_a_key_a_path_or_a_model_are_refused(model):
    for headers, status in (({"X-Nothing": "x"}, 401), ({"Authorization": "Bearer "}, 401)):
        with pytest.raises(InvalidStatus) as refused:
            async with connected(model, **headers):
                pass
        assert refused.value.response.status_code == status
    async with connected(model, **{"api-key": "k"}) as client:
        assert (await client.next())["type"] == "session.created"


async def test_the_beta_header_is_answered_with_its_error_and_a_close(model):
    headers = {"Authorization": "Bearer test", "OpenAI-Beta": "realtime=v1"}
    async with connected(model, **headers) as client:
        assert (await client.next())["error"]["code"] == "beta_api_shape_disabled"
        with pytest.raises(ConnectionClosed):
            await client.next()
    assert client.socket.close_code == 4000


async def test_the_official_client_holds_a_whole_conversation(model):
    address = model.url.removesuffix("/realtime")
    official = AsyncOpenAI(api_key="test", websocket_base_url=address)
    opening = "Say exactly: “Good morning from Rosa's Bakery.”"
    audio = base64.b64encode(SPEECH + PAUSE).decode()
    async with official, official.realtime.connect(model="gpt-realtime-2.1") as connection:

        async def until(kind: str):
            while (event := await connection.recv()).type != kind:
                pass
            return event

        await until("session.created")
        session = {"type": "realtime", "instructions": "You bake.", "audio": AUDIO}
        await connection.session.update(session=session)
        assert (await until("session.updated")).session.instructions == "You bake."
        await connection.response.create(response={"instructions": opening})
        said = await until("response.output_audio_transcript.done")
        assert said.transcript == "Good morning from Rosa's Bakery."
        await until("response.done")
        await connection.input_audio_buffer.append(audio=audio)
        await until("input_audio_buffer.committed")
        item = (await until("response.output_item.added")).item
        await until("response.output_audio.delta")
        await connection.response.cancel()
        assert (await until("response.done")).response.status == "cancelled"
        await connection.conversation.item.truncate(
            item_id=item.id, content_index=0, audio_end_ms=50
        )
        assert (await until("conversation.item.truncated")).audio_end_ms == 50


async def test_the_record_tells_what_was_received_and_lets_tests_wait(model):
    async with connected(model) as client:
        record = await model.session_matching()
        await client.configure("One.")
        await client.send("response.create", event_id="r1")
        assert (await record.wait_for("response.create"))["event_id"] == "r1"
        await record.wait_for_sent("response.done")
        assert record.instructions_history == ["One."]
        assert record.spoken == [f"One. Fingerprint {words.fingerprint('One.')}."]
        for entry in record.received:
            check_client_event(entry.event)
        with pytest.raises(TimeoutError, match="in vain for the event never"):
            await record.wait_for("never", within=0.01)
    await record.wait_closed()


async def test_each_event_loop_has_one_model_of_its_own():
    first, second = await ensure_running(), await ensure_running()
    assert first == second
    await stop_running()


async def test_a_session_ends_at_its_maximum_duration():
    async with SimulatedModel(Faults(expire_after=0.1)) as model, connected(model) as client:
        assert (await client.until("error"))["error"]["code"] == "session_expired"
        with pytest.raises(ConnectionClosed):
            await client.next()
        assert client.socket.close_code == 1001


async def test_meaning_decides_by_eagerness_how_long_a_pause_ends_a_turn(client):
    turn = {"type": "semantic_vad", "eagerness": "high"}
    await client.configure(audio={**AUDIO, "input": {**AUDIO["input"], "turn_detection": turn}})
    await client.speak(SPEECH + PAUSE, size=800)
    assert (await client.until("input_audio_buffer.speech_stopped"))["audio_end_ms"] == 600 + 400
