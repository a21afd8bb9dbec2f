"""The socket to the model: opened in time or not at all, written without waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode

from calls.live import openai_socket
from calls.live.openai_socket import ModelUnreachable, OpenAISocket, build_frame, open_socket
from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr(openai_socket, "FIRST_PAUSE", 0.01)
    settings.SIMULATE_MODEL = False
    settings.OPENAI_API_KEY = "key"


@pytest.fixture
async def model(settings: LazySettings) -> AsyncIterator[SimulatedModel]:
    async with SimulatedModel() as found:
        settings.OPENAI_REALTIME_URL = found.url
        yield found


async def test_an_open_socket_names_us_and_the_model(model: SimulatedModel) -> None:
    async with open_socket("gpt-realtime-2.1") as socket:
        assert b'"session.created"' in (await anext(aiter(socket))).encode()  # type: ignore[union-attr]
    session = await model.session_matching()
    assert session.model == "gpt-realtime-2.1"
    assert {name.lower(): value for name, value in session.headers.items()}[
        "authorization"
    ] == "Bearer key"


async def test_a_refusal_that_may_pass_is_tried_again(
    model: SimulatedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try is refused, and while we pause the model recovers."""
    model.faults = Faults(handshake_status=503)
    pauses: list[float] = []

    async def recover(seconds: float) -> None:
        pauses.append(seconds)
        model.faults = Faults()

    monkeypatch.setattr(
        openai_socket, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": recover})
    )
    async with open_socket("m"):
        assert (model.handshakes, pauses) == (2, [openai_socket.FIRST_PAUSE])


@pytest.mark.parametrize(("status", "tries"), [(429, 3), (503, 3), (401, 1), (403, 1), (404, 1)])
async def test_a_refusal_for_good_is_a_sentence(
    model: SimulatedModel, status: int, tries: int
) -> None:
    model.faults = Faults(handshake_status=status)
    with pytest.raises(ModelUnreachable, match=f"status {status}"):
        async with open_socket("m"):
            pass
    assert model.handshakes == tries


async def test_a_handshake_that_hangs_is_given_up_three_times(
    model: SimulatedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_socket, "TRY_LASTS", 0.2)
    model.faults = Faults(handshake_hangs=True)
    began = time.monotonic()
    with pytest.raises(ModelUnreachable, match="TimeoutError"):
        async with open_socket("m"):
            pass
    assert model.handshakes == 3
    assert time.monotonic() - began < 2


async def test_nobody_at_the_address_is_a_sentence(settings: LazySettings) -> None:
    settings.OPENAI_REALTIME_URL = "ws://127.0.0.1:9/v1/realtime"
    with pytest.raises(ModelUnreachable, match="could not be reached"):
        async with open_socket("m"):
            pass


async def test_azure_gets_its_own_header(settings: LazySettings) -> None:
    settings.OPENAI_REALTIME_URL = "wss://here.openai.azure.com/openai/v1/realtime"
    url, headers = await openai_socket._address("my deployment")
    assert url == "wss://here.openai.azure.com/openai/v1/realtime?model=my+deployment"
    assert headers == {"api-key": "key"}


async def test_a_socket_that_breaks_says_with_which_code(model: SimulatedModel) -> None:
    model.faults = Faults(drop_after=0)
    async with open_socket("m") as socket:
        socket.send(b'{"type":"session.update","session":{"type":"realtime"}}')
        async for _event in socket:
            pass
        assert "1006" in socket.close_reason
        socket.send(b"{}")  # a closed socket takes everything and says nothing


class DeafModel:
    """A server that reads nothing until it is told to."""

    def __init__(self) -> None:
        self.listens = asyncio.Event()
        self.heard: asyncio.Queue[str | bytes] = asyncio.Queue()

    async def serve(self, connection: ServerConnection) -> None:
        await self.listens.wait()
        async for message in connection:
            self.heard.put_nowait(message)


@asynccontextmanager
async def deaf_model(settings: LazySettings) -> AsyncIterator[tuple[DeafModel, OpenAISocket]]:
    deaf = DeafModel()
    async with serve(deaf.serve, "127.0.0.1", 0, compression=None, max_queue=1, max_size=None) as s:
        settings.OPENAI_REALTIME_URL = f"ws://127.0.0.1:{s.sockets[0].getsockname()[1]}/"
        async with open_socket("m") as socket:
            try:
                yield deaf, socket
            finally:
                deaf.listens.set()


async def fill(socket: OpenAISocket) -> int:
    """Send numbered events until the network takes no more; their number."""
    count = 0
    while not socket._backlog:
        socket.send(b"%7d" % count + b" " * 8_000)
        count += 1
    return count


async def test_a_slow_model_gets_everything_in_order(settings: LazySettings) -> None:
    async with deaf_model(settings) as (deaf, socket):
        count = await fill(socket)
        for number in range(count, count + 50):
            socket.send(b"%7d" % number)
        deaf.listens.set()
        heard = [await asyncio.wait_for(deaf.heard.get(), 5) for _ in range(count + 50)]
        assert [int(each) for each in heard] == list(range(count + 50))


async def test_a_model_that_takes_nothing_any_more_is_left(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_socket, "MAX_BACKLOG", 5)
    async with deaf_model(settings) as (_deaf, socket):
        await fill(socket)
        for _ in range(5):
            socket.send(b"{}")
        assert [event async for event in socket] == []
        assert socket.close_reason == "The model's side stopped taking what we send."
        socket.send(b"{}")  # and nothing more is heard of it


async def test_what_waits_to_be_read_in_a_socket_that_was_left_is_not_read(
    model: SimulatedModel,
) -> None:
    async with open_socket("m") as socket:
        session = await model.session_matching()
        await session.wait_for_sent("session.created")
        await asyncio.sleep(0)
        socket.leave("Another socket is opened.")
        assert [event async for event in socket] == []


async def test_a_long_update_does_not_wait_for_a_slow_model(settings: LazySettings) -> None:
    """Whoever publishes to many calls must not wait for one of them."""
    async with deaf_model(settings) as (_deaf, socket):
        for _ in range(5_000):
            socket.send(b" " * 40_000)
            if socket._backlog:
                return
        pytest.fail("The network took all of it.")


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_to_the_byte_what_the_library_makes_of_a_text(size: int) -> None:
    text = b"x" * size
    theirs = Frame(Opcode.TEXT, text).serialize(mask=True)
    mask = theirs[len(theirs) - size - 4 : len(theirs) - size]
    assert build_frame(text, mask) == theirs
