"""Each fault of the stand-in does what its name says, and nothing else."""

import asyncio
import unicodedata

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from calls.simulator.faults import Faults, applies
from calls.simulator.model import SimulatedModel
from calls.simulator.realtime.updates import ALTERATION
from prompts.domain.text import canonical

from .wire import AUDIO, Client, connected

TEXT = "Café first.\nSecond line."


async def update(client: Client, text: str = TEXT) -> None:
    session = {"type": "realtime", "instructions": text, "audio": AUDIO}
    await client.send("session.update", session=session, event_id="u")


async def kinds_so_far(client: Client) -> list[str]:
    """Everything sent before the answer to one more event, which is a barrier."""
    await client.send("input_audio_buffer.clear")
    await client.until("input_audio_buffer.cleared")
    return client.kinds


def faulty(**faults: object) -> SimulatedModel:
    return SimulatedModel(Faults(**faults), speed=50)


def test_a_fault_names_which_it_applies_to():
    assert [applies("first", n) for n in (1, 2)] == [True, False]
    assert [applies("later", n) for n in (1, 2)] == [False, True]
    assert [applies({2, 3}, n) for n in (1, 2, 3)] == [False, True, True]
    assert applies("all", 9)
    assert not applies("none", 1)


async def test_a_late_update_is_in_force_only_once_it_is_confirmed():
    async with faulty(configured="late", late_by=10.0) as model, connected(model) as client:
        record = await model.session_matching()
        await update(client)
        assert "session.updated" not in await kinds_so_far(client)
        assert record.instructions_history == []
        await client.until("session.updated")
        assert record.instructions == TEXT


async def test_an_update_behind_a_late_one_waits_its_turn():
    async with faulty(configured="late", updates="first") as model, connected(model) as client:
        await update(client, "One.")
        await update(client, "Two.")
        echoes = [await client.until("session.updated") for _ in range(2)]
    assert [echo["session"]["instructions"] for echo in echoes] == ["One.", "Two."]


async def test_a_missing_confirmation_hides_a_change_that_was_made():
    async with (
        faulty(configured="missing", updates="first") as model,
        connected(model) as client,
    ):
        record = await model.session_matching()
        await update(client)
        assert "session.updated" not in await kinds_so_far(client)
        assert record.instructions == TEXT
        await update(client)
        await client.until("session.updated")


async def test_a_refused_update_changes_nothing_and_names_the_event():
    async with faulty(configured="refused") as model, connected(model) as client:
        record = await model.session_matching()
        await update(client)
        assert (await client.until("error"))["error"]["event_id"] == "u"
        assert record.instructions_history == []


async def test_altered_instructions_are_in_force_as_they_are_shown():
    async with faulty(configured="altered") as model, connected(model) as client:
        record = await model.session_matching()
        await update(client)
        shown = (await client.until("session.updated"))["session"]["instructions"]
    assert shown == record.instructions == TEXT + ALTERATION


async def test_normalised_instructions_are_the_same_text_in_another_form():
    async with faulty(configured="normalised") as model, connected(model) as client:
        await update(client)
        shown = (await client.until("session.updated"))["session"]["instructions"]
    assert shown != TEXT
    assert canonical(shown) == TEXT
    assert unicodedata.is_normalized("NFD", shown)


async def test_unseen_instructions_are_applied_and_not_shown():
    async with faulty(configured="unseen") as model, connected(model) as client:
        record = await model.session_matching()
        await update(client)
        assert "instructions" not in (await client.until("session.updated"))["session"]
        assert record.instructions == TEXT


async def test_another_voice_and_format_may_be_confirmed():
    fault = faulty(altered_voice="echo", altered_format="audio/pcma")
    async with fault as model, connected(model) as client:
        await update(client)
        output = (await client.until("session.updated"))["session"]["audio"]["output"]
    assert (output["voice"], output["format"]) == ("echo", {"type": "audio/pcma"})


async def test_a_handshake_may_be_refused():
    async with faulty(handshake_status=429) as model:
        with pytest.raises(InvalidStatus) as refused:
            async with connected(model):
                pass
    assert refused.value.response.status_code == 429


async def test_a_handshake_may_hang_and_the_server_still_stops():
    async with faulty(handshake_hangs=True) as model:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), connected(model):
                pass
        assert model.handshakes == 1


async def test_the_session_may_never_be_created():
    async with faulty(created_missing=True) as model, connected(model) as client:
        assert await kinds_so_far(client) == ["input_audio_buffer.cleared"]


@pytest.mark.parametrize(("after", "last"), [(0, "session.updated"), (1, "response.done")])
async def test_the_connection_breaks_after_so_many_responses(after, last):
    async with faulty(drop_after=after) as model, connected(model) as client:
        await update(client)
        await client.send("response.create")
        with pytest.raises(ConnectionClosed):
            await client.until("never")
    assert client.kinds[-1] == last
    assert client.socket.close_code == 1006


async def test_the_connection_breaks_in_the_middle_of_a_response():
    async with faulty(drop_during=1) as model, connected(model) as client:
        await update(client)
        await client.send("response.create")
        with pytest.raises(ConnectionClosed):
            await client.until("response.done")
    assert "response.output_audio.delta" in client.kinds
    assert client.socket.close_code == 1006


async def test_a_response_may_fail_without_a_sound_and_the_next_one_may_not():
    async with faulty(error={1}, error_event=True) as model, connected(model) as client:
        await update(client)
        await client.send("response.create")
        failed = (await client.until("response.done"))["response"]
        assert "response.output_audio.delta" not in client.kinds
        await client.send("response.create")
        assert (await client.until("response.done"))["response"]["status"] == "completed"
    assert failed["status"] == "failed"
    assert failed["status_details"]["error"]["type"] == "server_error"
    assert "error" in client.kinds


async def test_a_silent_model_never_answers():
    async with faulty(silence={1}) as model, connected(model) as client:
        await update(client)
        await client.send("response.create")
        assert "response.created" not in await kinds_so_far(client)
        await client.send("response.create")
        await client.until("response.done")
