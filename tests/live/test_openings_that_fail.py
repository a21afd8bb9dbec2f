"""A model that does not come up as it should: the caller hears so in time, the row says why."""

from collections.abc import Callable

import pytest

from calls.simulator.caller import SimulatedCaller
from calls.simulator.faults import Faults
from calls.simulator.telephone.timeline import Kind
from tests.live.books import Row
from tests.live.stage import GREETING, House, Stage, stage

FALLBACK_WITHIN = 6.0  # seconds from the answered call to the fallback words


async def fallback_of(on: Stage, call: SimulatedCaller, within: float = FALLBACK_WITHIN) -> Row:
    """The row of a call whose caller heard the fallback in time and was put through."""
    await call.until(lambda c: c.is_over, "the fallback", within=within + 5)
    spoken = call.timeline.of(Kind.SPOKEN_BY_TWILIO)
    answered = call.timeline.of(Kind.TWIML)[0]
    assert spoken, "Nobody spoke to the caller."
    assert spoken[0].at - answered.at <= within
    assert call.dialled == ["+15005550111"]
    return on.books.call(call.call_sid)


def asked_to_speak(on: Stage) -> int:
    return sum(len(session.received_of("response.create")) for session in on.model.sessions)


async def test_a_model_that_stays_silent_in_any_way_gives_the_fallback_in_time(
    uvicorn: House,
) -> None:
    """Five calls wait at once; each meets the model in the state named for it."""
    moods = {
        "late": Faults("late", late_by=5.3),
        "missing": Faults("missing"),
        "never created": Faults(created_missing=True),
        "silent": Faults(silence="all"),
        "hanging": Faults(handshake_hangs=True),
    }
    async with stage(uvicorn, speed=1) as on:
        calls = {}
        for mood, faults in moods.items():
            met = on.model.handshakes
            on.model.faults = faults
            calls[mood] = await on.dial(1, speed=1)
            await on.books.until(lambda _, met=met: on.model.handshakes > met, "the handshake")
        rows = {mood: await fallback_of(on, call) for mood, call in calls.items()}
        assert {mood: row["end_reason"] for mood, row in rows.items()} == {
            "late": "instructions_not_confirmed",
            "missing": "instructions_not_confirmed",
            "never created": "model_unreachable",
            "silent": "model_failed",
            "hanging": "model_unreachable",
        }
        assert all(row["end_detail"].endswith("in time.") for row in rows.values())
        spoke = [session for session in on.model.sessions if session.received_of("response.create")]
        assert len(spoke) == 1  # the silent one had confirmed its instructions
        on.check_wire()


@pytest.mark.parametrize("configured", ["refused", "altered"])
async def test_wrong_instructions_are_never_spoken_under(uvicorn: House, configured: str) -> None:
    async with stage(uvicorn, Faults(configured)) as on:
        row = await fallback_of(on, await on.dial(1))
        assert row["end_reason"] == "instructions_not_confirmed"
        assert asked_to_speak(on) == 0
        on.check_wire()


async def test_a_line_format_that_the_phone_cannot_carry_ends_the_call(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(altered_format="audio/pcma")) as on:
        row = await fallback_of(on, await on.dial(1))
        assert row["end_reason"] == "instructions_not_confirmed"
        assert asked_to_speak(on) == 0


@pytest.mark.parametrize(
    ("configured", "is_told"),
    [
        ("normalised", lambda receipt: receipt["normalised"]),
        ("unseen", lambda receipt: receipt["result"] == "acknowledged_unseen"),
    ],
)
async def test_an_echo_that_differs_lawfully_is_flagged_and_the_call_goes_on(
    uvicorn: House, configured: str, is_told: Callable[[Row], object]
) -> None:
    async with stage(uvicorn, Faults(configured)) as on:
        await on.publish(1, f"Words that come back {configured}. And a second line.\n\nA third.")
        call = await on.dial(1)
        await call.heard(GREETING)
        receipts = await on.books.until(lambda b: b.receipts(call.call_sid), "the receipt")
        assert is_told(receipts[0])
        assert receipts[0]["result"].startswith("acknowledged")
        assert not call.is_over


@pytest.mark.parametrize(("status", "handshakes"), [(401, 1), (429, 3), (503, 3)])
async def test_a_refused_handshake_gives_the_fallback_within_four_seconds(
    uvicorn: House, status: int, handshakes: int
) -> None:
    async with stage(uvicorn, Faults(handshake_status=status)) as on:
        row = await fallback_of(on, await on.dial(1), within=4)
        assert row["end_reason"] == "model_unreachable"
        assert str(status) in row["end_detail"]
        assert on.model.handshakes == handshakes


async def test_a_response_that_fails_once_is_asked_for_once_more(uvicorn: House) -> None:
    async with stage(uvicorn, Faults(error="first")) as on:
        await on.publish(1, "Words that are said in the end.")
        await (await on.dial(1)).heard(GREETING)
        assert asked_to_speak(on) == 2


@pytest.mark.parametrize(("kind", "asked"), [("server_error", 2), ("insufficient_quota", 1)])
async def test_a_response_that_fails_for_good_gives_the_fallback(
    uvicorn: House, kind: str, asked: int
) -> None:
    async with stage(uvicorn, Faults(error="all", error_type=kind)) as on:
        row = await fallback_of(on, await on.dial(1))
        assert row["end_reason"] == "model_failed"
        assert kind in row["end_detail"]
        assert asked_to_speak(on) == asked


async def test_a_caller_who_hangs_up_before_the_model_is_ready_leaves_no_session(
    uvicorn: House,
) -> None:
    async with stage(uvicorn, Faults("missing")) as on:
        call = await on.dial(1)
        session = await on.session()
        await session.wait_for("session.update")
        await call.hang_up()
        await session.wait_closed(within=1)
        row = await on.books.ended(call.call_sid)
        assert row["end_reason"] == "caller_hung_up"
