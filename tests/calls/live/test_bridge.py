"""What a bridge leaves behind: nothing before it began, and all in its order afterwards."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from calls.domain.answers import Admission
from calls.domain.reasons import EndReason
from calls.live import bridge as bridges
from calls.live import writer as writers
from calls.live.bridge import Bridge
from calls.live.change_feed import hub
from calls.live.writer import Job, writer
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

SOON = 5
ADMISSION = Admission(
    call_id=1,
    call_sid="CA" + "1" * 32,
    account_sid="",
    business_id=7,
    direction=Direction.INBOUND,
    started=Started(1, 1),
    began_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
)


@pytest.mark.django_db(transaction=True)
async def test_a_call_that_is_cancelled_while_its_words_are_read_leaves_the_hub(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_reading = asyncio.Event()

    async def read(*_given: Any) -> None:
        is_reading.set()
        await asyncio.Event().wait()

    async def say(_text: str) -> None:
        raise AssertionError("Nobody is there to hear it.")

    monkeypatch.setattr(bridges, "read_first_words", read)
    entering = asyncio.create_task(Bridge(ADMISSION, "MZ1", say).__aenter__())
    await is_reading.wait()
    assert hub().carries(ADMISSION.call_sid, ADMISSION.business_id)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert not hub().carries(ADMISSION.call_sid, ADMISSION.business_id)


class Caller:
    """The caller's socket, which may stop taking what it is told."""

    def __init__(self) -> None:
        self.takes = asyncio.Event()
        self.asked = asyncio.Event()
        self.told: list[str] = []

    async def say(self, text: str) -> None:
        self.asked.set()
        await self.takes.wait()
        self.told.append(text)


class Model:
    """The model's socket."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What was written, in its order."""
    found: list[Job] = []
    monkeypatch.setattr(writers, "write", found.extend)
    return found


async def test_what_is_decided_while_the_caller_takes_nothing_follows_what_was_before(
    jobs: list[Job],
) -> None:
    caller, call = Caller(), b.configured()
    call.answers_create("greeting")
    call.hear(b.delta("greeting", 800))  # too little for a mark of its own
    call.publish(b.notice(2))
    bridge = Bridge(proofs.ADMISSION, b.STREAM, caller.say)
    bridge._socket = Model()  # type: ignore[assignment]
    bridge._scribe.open(call.first)
    caller.takes.set()
    await perform(bridge, call)

    caller.takes.clear()
    caller.asked.clear()
    call.hear(b.done("greeting"))  # leads to a mark for the caller, and to the update
    slow = asyncio.create_task(perform(bridge, call))
    await asyncio.wait_for(caller.asked.wait(), SOON)
    call.publish(b.notice(3))
    await perform(bridge, call)
    caller.takes.set()
    await slow

    call.hang_up()
    await perform(bridge, call)
    assert bridge.ended.result().reason is EndReason.CALLER_HUNG_UP
    bridge.log_end(bridge.ended.result())
    await bridge._scribe.close()
    assert await writer().flush(within=SOON)
    assert proofs.faults_of(jobs) == []


async def perform(bridge: Bridge, call: b.Call) -> None:
    """Let the bridge carry out what the session decided since the last time."""
    new, call.log = call.log, []
    await bridge.perform(new)
