"""Changes that travel between processes, and calls that do not notice when Redis goes away."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from calls.simulator.caller import SimulatedCaller
from calls.simulator.realtime.record import Keep, SessionRecord
from tests.live.books import Row
from tests.live.numbers import arrival, numbered
from tests.live.stage import GREETING, House, Stage, house, proof_of, stage
from tests.live.test_a_call import PLACES, check_isolation, word_of
from tests.services import PrivateRedis

PUBLISHED_WITHIN = 2.0
FOUND_WITHIN = 6.0  # seconds, when every push is lost


async def receipt_of(on: Stage, call: SimulatedCaller, revision: int, within: float = 5) -> Row:
    """The acknowledged receipt of a call for a revision."""

    def probe(books: object) -> Row | None:
        rows = on.books.receipts(call.call_sid)
        done = [row for row in rows if row["result"] == "acknowledged"]
        return next((row for row in done if row["revision"] == revision), None)

    return await on.books.until(probe, f"the receipt of r{revision}", within=within)


@pytest.mark.both_databases
async def test_a_publish_in_one_process_reaches_the_calls_of_another(redis_url: str) -> None:
    shared = {"REDIS_URL": redis_url, "RECONCILE_SECONDS": "3600"}
    with house("uvicorn", **shared) as one, house("daphne", beside=one, **shared) as other:
        async with stage(one) as on:
            for place in PLACES:
                await on.publish(place[0], f"{word_of(*place)} begins.", place[1])
            for number, place in enumerate(PLACES):
                await on.dial(*place, house=(one, other)[number % 2])
                await on.session(number + 1)
            await asyncio.gather(*(call.heard(GREETING) for call in on.calls))
            for number, place in enumerate(PLACES):
                text, there = f"{word_of(*place)} goes on.", (other, one)[number % 2]
                revision = (await on.publish(place[0], text, place[1], house=there)).data[
                    "revision"
                ]
                receipt = await receipt_of(on, on.calls[number], revision)
                assert receipt["route"] == "push"
            await asyncio.gather(*(call.say("What now?") for call in on.calls))
            for call, session in zip(on.calls, on.model.sessions, strict=True):
                await call.heard(proof_of(session))
            check_isolation(on)


async def test_a_publish_whose_push_is_lost_is_found_by_asking(uvicorn: House) -> None:
    """The other process has no Redis in common with the call's, so nothing can be pushed."""
    with house("uvicorn", beside=uvicorn) as other:
        async with stage(uvicorn) as on:
            await on.publish(2, "Words before.")
            call = await on.dial(2)
            await call.heard(GREETING)
            published = await on.publish(2, "Words that nobody announced.", house=other)
            revision = published.data["revision"]
            receipt = await receipt_of(on, call, revision, within=FOUND_WITHIN)
            assert receipt["route"] == "reconcile"


async def test_without_redis_from_the_start_everything_works(private_redis: PrivateRedis) -> None:
    private_redis.kill()
    with house(REDIS_URL=private_redis.url, RECONCILE_SECONDS="1") as alone:
        async with stage(alone, keep=Keep.AUDIO) as on:
            await _check_everything_works(on)
        assert alone.server.log.count("The channel layer is away") == 1
        assert alone.server.log.count("The cache is away") == 1
        assert "Traceback" not in alone.server.log


@pytest.mark.parametrize("fault", [PrivateRedis.kill, PrivateRedis.freeze])
async def test_a_redis_that_goes_away_in_the_call_touches_no_call(
    private_redis: PrivateRedis, fault: Callable[[PrivateRedis], None]
) -> None:
    with house(REDIS_URL=private_redis.url, RECONCILE_SECONDS="1") as alone:
        async with stage(alone, keep=Keep.AUDIO) as on:
            running = await on.dial(1)
            await running.heard("How can I help you today?")
            with frames_passing(running, await on.session()) as passed:
                fault(private_redis)
                await _check_everything_works(on)
                await passed()
            published = await on.publish(1, "Words found without Redis.")
            receipt = await receipt_of(on, running, published.data["revision"])
            assert receipt["route"] == "reconcile"
        assert "Traceback" not in alone.server.log


@contextmanager
def frames_passing(
    call: SimulatedCaller, session: SessionRecord, count: int = 600
) -> Iterator[Callable[[], object]]:
    """Let a caller send numbered frames; the function given waits until all have arrived."""
    assert call.stream is not None
    call.stream.say(numbered(1, count))

    async def passed() -> None:
        assert await arrival(session, count) == list(range(1, count + 1))

    yield passed


async def _check_everything_works(on: Stage) -> None:
    """Publishing is quick, a new call has the new words, a call in progress finds newer ones."""
    reply = await on.publish(2, "Words of a day without Redis.")
    assert reply.seconds < PUBLISHED_WITHIN
    met = len(on.model.sessions)
    call = await on.dial(2)
    await call.heard(GREETING)
    session = await on.session(met + 1)
    assert "Words of a day without Redis." in session.instructions
    reply = await on.publish(2, "Newer words of that day.")
    assert reply.seconds < PUBLISHED_WITHIN
    await receipt_of(on, call, reply.data["revision"])
    await call.say("And what now?")
    await call.heard(proof_of(session))
    assert "Newer words" in proof_of(session)
    await asyncio.to_thread(_check_admin, on.house)


def _check_admin(house: House) -> None:
    """Log in as a person does and open every page that the index names."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    base = house.server.base_url
    form = _open(opener, f"{base}/admin/login/")
    secret = re.search('csrfmiddlewaretoken" value="([^"]+)', form)
    assert secret
    entry = {"username": "demo", "password": "demo", "csrfmiddlewaretoken": secret[1]}
    index = _open(opener, f"{base}/admin/login/?next=/admin/", urlencode(entry).encode())
    pages = set(re.findall(r'href="(/admin/\w+/\w+/)"', index))
    assert "/admin/auth/user/" in pages
    for page in pages:
        assert "</html>" in _open(opener, base + page)


def _open(opener: OpenerDirector, url: str, data: bytes | None = None) -> str:
    with opener.open(url, data, timeout=10) as answer:
        text: str = answer.read().decode()
    return text
