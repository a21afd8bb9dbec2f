"""A recorded call is proved from what it left behind, also one with a publish in the middle."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest

from calls.simulator.faults import Faults
from tests.live.books import Books
from tests.live.stage import GREETING, House, Stage, proof_of, stage
from tests.settings import ROOT

pytestmark = pytest.mark.both_databases


async def verified(on: Stage, *, exit_code: int = 0) -> dict[str, Any]:
    """What ``verify_audit --calls`` says of everything that the house stored."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "manage.py", "verify_audit", "--calls", "--json"],
        cwd=ROOT,
        env=on.house.server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == exit_code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def test_a_call_with_a_publish_in_it_verifies_clean(uvicorn: House) -> None:
    async with stage(uvicorn) as on:
        old = (await on.publish(1, "Words before the proof.")).data
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await call.say("What do you say?")
        await call.heard(proof_of(session))
        new = (await on.publish(1, "Words after the proof.")).data
        (entry,) = new["receipts"]
        assert (entry["direction"], entry["in_progress"]) == ("inbound", 1)
        await session.wait_until(lambda s: "Words after" in s.instructions)
        await call.say("And now?")
        await call.heard(proof_of(session))
        await call.hang_up()
        await on.books.ended(call.call_sid)

        check_log(log_of(on.books, call.call_sid))
        report = await verified(on)
        assert report["ok"]
        assert report["calls"] >= 1
        assert call.call_sid not in report["unfinished"]
        versions = [turn["version"] for turn in on.books.turns(call.call_sid) if turn["version"]]
        assert {old["inbound"]["version"], new["inbound"]["version"]} == set(versions)


async def test_an_altered_echo_in_mid_call_is_told_by_receipt_and_stamp(uvicorn: House) -> None:
    faults = Faults(configured="altered", updates="later")
    async with stage(uvicorn, faults) as on:
        await on.publish(1, "Words that stand.")
        call = await on.dial(1)
        await call.heard(GREETING)
        session = await on.session()
        await on.publish(1, "Words that are altered on their way.")
        await session.wait_until(lambda s: len(s.sent_of("session.updated")) > 1)
        await call.say("What do you say?")
        await on.books.until(
            lambda books: [t for t in books.turns(call.call_sid) if t["known_by"] == "unverified"],
            "an answer under words of a stranger",
        )
        await call.hang_up()
        await on.books.ended(call.call_sid)
        receipt = on.books.receipts(call.call_sid)[-1]
        turns = [t for t in on.books.turns(call.call_sid) if t["known_by"] == "unverified"]
        assert receipt["result"] in ("unverified", "call_ended")
        assert receipt["hash_echoed"] == turns[0]["fingerprint"] != receipt["hash_sent"]
        assert (await verified(on))["ok"]


def check_log(lines: list[dict[str, Any]]) -> None:
    """Complete, in order, without words, and without an entry for a frame or a delta."""
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
    events = [line["event"] for line in lines]
    assert events[:4] == ["begin", "session.created", "session.update", "session.updated"]
    assert events[-1] == "end"
    notice = events.index("notice")
    assert events[notice : notice + 3] == ["notice", "session.update", "session.updated"]
    stored = json.dumps(lines)
    assert "Words after" not in stored
    assert "What do you say" not in stored
    assert len(lines) < 60


def log_of(books: Books, sid: str) -> list[dict[str, Any]]:
    pages = books.select(
        "SELECT p.lines FROM calls_eventpage p JOIN calls_call c ON c.id = p.call_id"
        " WHERE c.sid = %s ORDER BY p.number",
        sid,
    )
    return [json.loads(line) for page in pages for line in page["lines"].split("\n")]
