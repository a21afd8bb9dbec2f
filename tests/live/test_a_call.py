"""The main journey over real sockets, on both servers."""

import asyncio

import pytest

from calls.simulator.caller import ACCOUNT_SID, SimulatedCaller
from calls.simulator.realtime import response
from calls.simulator.realtime.record import SessionRecord
from calls.simulator.telephone.timeline import Kind
from calls.simulator.telephone.webhook import Server
from tests.live.books import Books, Row
from tests.live.stage import GREETING, TOKEN, House, Stage, heard_out, proof_of, stage

pytestmark = pytest.mark.both_databases
BEFORE = "These are the words before anybody published."


async def test_a_publish_during_a_call_changes_its_next_answer(
    either: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response, "FASTER_THAN_PLAYED", 2)  # so that answers can be cut short
    async with stage(either) as on:
        old = (await on.publish(1, BEFORE)).data
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        first_proof = proof_of(session)
        await call.say("What do you say now?")
        await call.heard(first_proof)

        await call.say("And again?")
        await call.interrupt("Wait, please.")
        await _check_interruption(call, session)
        await heard_out(call)

        new = (await on.publish(1, "These are the words after it.")).data
        receipt = await on.books.until(lambda b: _acknowledged(b, call, new), "the receipt")
        assert (receipt["route"], receipt["version"]) == ("push", new["inbound"]["version"])
        assert receipt["hash_sent"] == receipt["hash_echoed"]
        await call.say("And now?")
        await call.heard(proof_of(session))
        assert "words after it" in proof_of(session)

        await on.books.until(lambda b: _is_heard_whole(b.turns(call.call_sid)[-1]), "the last mark")
        await call.hang_up()
        await session.wait_closed(within=1)
        row = await on.books.ended(call.call_sid)
        _check_row(row, old)
        _check_turns(on.books.turns(call.call_sid), old, new)
        await _check_hung_up(either, call)
        on.check_wire()


async def _check_interruption(call: SimulatedCaller, session: SessionRecord) -> None:
    """Clear at once, cancel what is being said, forget what was not heard."""
    await call.until(lambda c: c.timeline.of(Kind.CLEARED), "the clear")
    truncate = await session.wait_for("conversation.item.truncate")
    await session.wait_for("response.cancel")
    assert 0 < truncate["audio_end_ms"] * 8 <= len(call.stream.heard())
    assert not any("already shorter" in e["error"]["message"] for e in session.sent_of("error"))


def _acknowledged(books: Books, call: SimulatedCaller, state: Row) -> Row | None:
    rows = books.receipts(call.call_sid)
    wanted = (state["revision"], "acknowledged")
    return next((r for r in rows if (r["revision"], r["result"]) == wanted), None)


def _is_heard_whole(turn: Row) -> bool:
    return bool(turn["speaker"] == "agent" and 0 < turn["generated_ms"] == turn["heard_ms"])


def _check_row(row: Row, old: Row) -> None:
    assert (row["status"], row["end_reason"]) == ("ended", "caller_hung_up")
    assert (row["version"], row["started_revision"]) == (
        old["inbound"]["version"],
        old["revision"],
    )
    assert all(row[moment] for moment in ("connected_at", "first_audio_at", "ended_at"))
    assert row["settings"]["audio"]["output"]["format"] == {"type": "audio/pcmu"}


def _check_turns(turns: list[Row], old: Row, new: Row) -> None:
    spoken = [turn for turn in turns if turn["speaker"] == "agent"]
    versions = [turn["version"] for turn in spoken]
    assert versions == sorted(versions)
    assert {old["inbound"]["version"], new["inbound"]["version"]} == set(versions)
    assert spoken[0]["text"] == spoken[0]["heard"] == GREETING
    assert spoken[0]["known_by"] == "metadata"
    assert spoken[0]["base_fingerprint"] == spoken[1]["fingerprint"]
    assert [turn["known_by"] for turn in spoken[1:]] == ["order"] * (len(spoken) - 1)
    cut = [turn for turn in spoken if turn["interrupted"]]
    assert len(cut) == 1
    assert cut[0]["heard_ms"] < cut[0]["generated_ms"]
    assert cut[0]["text"].startswith(cut[0]["heard"])
    assert all(turn["usage"]["total_tokens"] for turn in spoken)
    caller = [turn for turn in turns if turn["speaker"] == "caller"]
    assert len(caller) == 4
    assert "seconds of speech" in caller[0]["text"]


async def _check_hung_up(house: House, call: SimulatedCaller) -> None:
    base = house.server.base_url
    form = {"CallSid": call.call_sid, "AccountSid": ACCOUNT_SID}
    answer = await Server(base, base, TOKEN).post("/twilio/stream-ended?business=1", form)
    assert "<Hangup" in answer.body


async def test_two_calls_of_two_businesses_and_directions_stay_apart(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        for business_id, direction in PLACES:
            await on.publish(business_id, f"{word_of(business_id, direction)} begins.", direction)
        for business_id, direction in PLACES:
            await (await on.dial(business_id, direction)).heard(GREETING)
        for business_id, direction in PLACES:
            await on.publish(business_id, f"{word_of(business_id, direction)} goes on.", direction)
        for number, (business_id, direction) in enumerate(PLACES, start=1):
            session, word = await on.session(number), word_of(business_id, direction)
            await session.wait_until(lambda s, word=word: f"{word} goes on" in s.instructions)
        await asyncio.gather(*(call.say("What now?") for call in on.calls))
        for number, call in enumerate(on.calls, start=1):
            await call.heard(proof_of(await on.session(number)))
        check_isolation(on)
        on.check_wire()


PLACES = ((1, "inbound"), (1, "outbound"), (2, "inbound"), (3, "inbound"))


def word_of(business_id: int, direction: str) -> str:
    return f"Sentinel{business_id}{direction}"


def check_isolation(on: Stage) -> None:
    """Each session was only ever told the words of its own business and direction."""
    for session, (business_id, direction) in zip(on.model.sessions, PLACES, strict=True):
        told = " ".join(str(entry.event) for entry in session.received)
        found = [place for place in PLACES if word_of(*place) in told]
        assert found == [(business_id, direction)]
