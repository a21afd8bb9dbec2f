"""A call that ends before it has begun leaves nothing behind."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from calls.domain.answers import Admission
from calls.live import bridge as bridges
from calls.live.bridge import Bridge
from calls.live.change_feed import hub
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started

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
