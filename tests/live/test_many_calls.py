"""One publish and fifty calls; ten publishes and few updates: in two processes with one Redis."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from math import ceil

import pytest

from calls.domain.pacing import APART
from calls.simulator.caller import SimulatedCaller
from calls.simulator.realtime.record import SessionRecord
from tests.live.books import Row
from tests.live.stage import GREETING, House, Stage, house, stage
from tests.live.test_a_call import word_of

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(180)]

BUSINESSES = range(1, 6)
PLACES = [(pk, direction) for pk in BUSINESSES for direction in ("inbound", "outbound")]
CALLS_OF_EACH = 5
WHERE = (2, "outbound")  # what the one publish is for
AFTER = (3, "inbound")
UNTOUCHED = [pk for pk in BUSINESSES if pk not in (WHERE[0], AFTER[0])]
Place = tuple[int, str]
MORE = """
from prompts.services.business import create_business
for pk in (4, 5):
    create_business(details={"name": f"Harbor {pk}"}, actor=None, pk=pk)
"""


@pytest.fixture(scope="module")
def pair(redis_of_module: str) -> Iterator[tuple[House, House]]:
    """Five businesses; nothing is ever found by asking."""
    shared = {"REDIS_URL": redis_of_module, "RECONCILE_SECONDS": "3600"}
    with house("uvicorn", **shared) as one, house("daphne", beside=one, **shared) as other:
        one.server.manage("shell", "-c", MORE)
        yield one, other


async def publish(on: Stage, place: Place, words: str, there: House) -> int:
    text = f"{word_of(*place)} {words}"
    revision: int = (await on.publish(place[0], text, place[1], house=there)).data["revision"]
    return revision


async def receipts(on: Stage, call: SimulatedCaller, revision: int) -> list[Row]:
    """All receipts of a call as soon as there is one for a revision."""

    def probe(_books: object) -> list[Row]:
        rows = on.books.receipts(call.call_sid)
        return rows if any(row["revision"] == revision for row in rows) else []

    return await on.books.until(probe, f"the receipt of r{revision}")


def place_of(session: SessionRecord) -> Place:
    """Whose words a session was told; never those of two."""
    told = " ".join(str(entry.event) for entry in session.received)
    (place,) = [place for place in PLACES if word_of(*place) in told]
    return place


def updates(session: SessionRecord) -> list[str]:
    sent = session.received_of("session.update")
    return [update["session"]["instructions"] for update in sent]


async def test_of_fifty_calls_exactly_those_of_the_business_and_direction_are_told(
    pair: tuple[House, House],
) -> None:
    one, other = pair
    async with stage(one, speed=1) as on:
        calls = await fifty_calls(on, pair)
        revision = await publish(on, WHERE, "goes on.", other)
        for call in calls[WHERE]:
            check_told(await receipts(on, call, revision))
        for call in calls[WHERE[0], "inbound"]:
            check_not_told(await receipts(on, call, revision))
        # What comes after it in every process shows that nothing of it is still on its way.
        last = await publish(on, AFTER, "goes on.", one)
        for call in calls[AFTER] + calls[AFTER[0], "outbound"]:
            await receipts(on, call, last)
        untouched = [call for place in PLACES if place[0] in UNTOUCHED for call in calls[place]]
        for call in untouched:
            assert [row["route"] for row in on.books.receipts(call.call_sid)] == ["start"]
        check_sockets(on)
        assert not [call for call in on.calls if call.is_over or call.violations]
        on.check_wire()


async def fifty_calls(on: Stage, pair: tuple[House, House]) -> dict[Place, list[SimulatedCaller]]:
    """Five of each place, in both processes, that have heard their greeting."""
    for place in PLACES:
        await publish(on, place, "begins.", pair[0])
    calls: dict[Place, list[SimulatedCaller]] = defaultdict(list)
    for number in range(CALLS_OF_EACH):
        dialled = [on.dial(*place, house=pair[number % 2], speed=1) for place in PLACES]
        for place, call in zip(PLACES, await asyncio.gather(*dialled), strict=True):
            calls[place].append(call)
    await asyncio.gather(*(call.heard(GREETING) for call in on.calls))
    return calls


def check_told(rows: list[Row]) -> None:
    first, second = rows
    assert (first["route"], first["result"]) == ("start", "acknowledged")
    assert (second["route"], second["result"]) == ("push", "acknowledged")
    assert second["hash_sent"] == second["hash_echoed"] != first["hash_sent"]


def check_not_told(rows: list[Row]) -> None:
    """The business has a new revision, which has no new words for this direction."""
    _first, second = rows
    assert (second["result"], second["hash_sent"], second["sent_at"]) == ("unchanged", "", None)


def check_sockets(on: Stage) -> None:
    """What the model's side received: an update where somebody published, and none elsewhere."""
    told = defaultdict(list)
    for session in on.model.sessions:
        told[place_of(session)].append(updates(session))
    for place in PLACES:
        assert len(told[place]) == CALLS_OF_EACH
        expected = ["begins", "goes on"] if place in (WHERE, AFTER) else ["begins"]
        for texts in told[place]:
            assert len(texts) == len(expected)
            for text, words in zip(texts, expected, strict=True):
                assert f"{word_of(*place)} {words}." in text


async def test_ten_publishes_in_a_row_are_at_most_three_updates_and_the_last_stands(
    pair: tuple[House, House],
) -> None:
    async with stage(pair[0]) as on:
        await publish(on, WHERE, "begins.", pair[0])
        for number in range(4):
            await on.dial(*WHERE, house=pair[number % 2])
        await asyncio.gather(*(call.heard(GREETING) for call in on.calls))
        clock = asyncio.get_running_loop().time
        began, revisions = clock(), list[int]()
        for number in range(10):
            revisions.append(await publish(on, WHERE, f"is at {number}.", pair[number % 2]))
        # However they are spaced; a machine that is too busy for ten in two seconds gets more.
        most = max(3, 1 + ceil((clock() - began) / APART))
        for call, session in zip(on.calls, on.model.sessions, strict=True):
            rows = (await receipts(on, call, revisions[-1]))[1:]
            results = {row["revision"]: row["result"] for row in rows}
            assert len(results) == len(rows)  # one result for each revision
            assert set(results) <= set(revisions)
            assert results.pop(revisions[-1]) == "acknowledged"
            assert set(results.values()) <= {"acknowledged", "superseded"}
            sent = [row for row in rows if row["sent_at"]]
            assert [row["result"] for row in sent] == ["acknowledged"] * len(sent)
            assert len(updates(session)) == 1 + len(sent)
            assert len(sent) <= most
            assert "is at 9." in session.instructions
