"""`manage.py doctor`: finds what is wrong, says what to do, keeps secrets to itself."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from calls.simulator.faults import Faults
from calls.simulator.model import SimulatedModel
from prompts import triggers
from tests.factories import make_business, make_number, publish_text
from tests.services import free_port

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNT, SECRET, KEY = "AC" + "1" * 32, "very-secret-token", "sk-very-secret-key"


@pytest.fixture(autouse=True)
def _at_home(settings: Settings) -> None:
    """As on a developer's machine; Django's tests switch DEBUG off."""
    settings.DEBUG = True


def examine(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[bool, dict[str, Any]]:
    """Run the command; answer whether it was content, and the findings by what they are about."""
    try:
        call_command("doctor", "--json", *options)
        failed = False
    except SystemExit as end:
        failed = end.code == 1
    printed = capsys.readouterr().out
    assert SECRET not in printed
    assert KEY not in printed
    report = json.loads(printed)
    assert report["ok"] is not failed
    return not failed, {finding["about"]: finding for finding in report["findings"]}


def ready_business(number: str) -> int:
    business = make_business("Bakery", number=number)
    publish_text(business)
    return business.pk


@pytest.mark.both_databases
def test_a_sound_installation_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    pk = ready_business(make_number())
    is_fine, found = examine(capsys)
    assert is_fine
    for about in ("Settings", "Database", "Migrations", "Triggers", "Channel layer"):
        assert found[about]["mark"] == "good"
    point = found[f"Bakery (business {pk}), Webhook address, customers call us"]
    assert point["address"] == f"http://127.0.0.1:8000/twiml/incoming/{pk}"


def test_the_report_for_people_has_a_line_for_each_point_and_the_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_business("Bakery")
    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    assert end.value.code == 1
    text = capsys.readouterr().out
    assert "Inbound prompt: Calls from customers are not answered by the agent" in text
    assert "-> Write the prompt and publish it." in text
    assert "2 things are wrong." in text


def test_a_business_without_number_and_prompt_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    business = make_business("Bakery")
    is_fine, found = examine(capsys)
    assert not is_fine
    for point in ("Phone number", "Inbound prompt"):
        assert found[f"Bakery (business {business.pk}), {point}"]["mark"] == "wrong"
    assert found[f"Bakery (business {business.pk}), Outbound prompt"]["mark"] == "note"


@pytest.mark.both_databases
def test_missing_triggers_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    triggers.remove()
    is_fine, found = examine(capsys)
    triggers.install()
    assert not is_fine
    assert "migrate" in found["Triggers"]["remedy"]


def test_a_redis_that_is_away_is_found_and_the_password_stays_secret(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.REDIS_URL = f"redis://:{SECRET}@127.0.0.1:{free_port()}/0"
    is_fine, found = examine(capsys)
    assert not is_fine
    assert "within 5 seconds" in found["Redis"]["sentence"]


def test_a_redis_that_answers_is_good(
    capsys: pytest.CaptureFixture[str], settings: Settings, redis_url: str
) -> None:
    settings.REDIS_URL = redis_url
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer"}
    settings.CHANNEL_LAYERS = {"default": layer | {"CONFIG": {"hosts": [redis_url]}}}
    _is_fine, found = examine(capsys)
    assert found["Redis"]["mark"] == found["Channel layer"]["mark"] == "good"


def test_settings_that_do_not_go_together_are_wrong(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.DEBUG = False
    settings.TWILIO_AUTH_TOKENS = ()
    is_fine, found = examine(capsys)
    assert not is_fine
    assert found["Settings"]["remedy"]


# The accounts, played by stand-ins


@contextmanager
def running_model(faults: Faults | None = None) -> Iterator[str]:
    """The bundled model in a thread of its own."""
    ready, model = threading.Event(), SimulatedModel(faults)
    loop, done = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with model:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    yield model.url
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


class Twilio(BaseHTTPRequestHandler):
    """Answers as Twilio's REST interface does for one account."""

    numbers: dict[str, dict[str, str]] = {}
    status = 200

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        assert self.headers["Authorization"].startswith("Basic ")
        body: dict[str, Any] = {"status": "active", "type": "Trial"}
        if address.path.endswith("/IncomingPhoneNumbers.json"):
            number = parse_qs(address.query)["PhoneNumber"][0]
            known = [self.numbers[number]] if number in self.numbers else []
            body = {"incoming_phone_numbers": known}
        else:
            assert address.path == f"/2010-04-01/Accounts/{ACCOUNT}.json"
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def twilio(settings: Settings) -> Iterator[type[Twilio]]:
    kind = type("Account", (Twilio,), {"numbers": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    settings.TWILIO_ACCOUNT_SID = ACCOUNT
    settings.TWILIO_AUTH_TOKENS = (SECRET,)
    settings.TWILIO_API_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    yield kind
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def account(settings: Settings) -> Settings:
    settings.SIMULATE_MODEL = False
    settings.OPENAI_API_KEY = KEY
    return settings


def test_live_opens_one_session_and_compares_the_webhook_addresses(
    capsys: pytest.CaptureFixture[str], account: Settings, twilio: type[Twilio]
) -> None:
    right, elsewhere, unknown = make_number(), make_number(), make_number()
    pk, other, third = ready_business(right), ready_business(elsewhere), ready_business(unknown)
    url = f"http://127.0.0.1:8000/twiml/incoming/{pk}"
    twilio.numbers[right] = {"phone_number": right, "voice_url": url, "voice_method": "POST"}
    wrong = f"https://me:{SECRET}@demo.twilio.com/x"
    twilio.numbers[elsewhere] = {
        "phone_number": elsewhere,
        "voice_url": wrong,
        "voice_method": "POST",
    }
    with running_model() as address:
        account.OPENAI_REALTIME_URL = address
        is_fine, found = examine(capsys, "--live")
    assert not is_fine
    assert "opened a session" in found["Model, live"]["sentence"]
    assert found["Twilio, live"]["sentence"] == "The account is active. It is a trial account."
    assert found[f"Bakery (business {pk}), {right} at Twilio"]["mark"] == "good"
    moved = found[f"Bakery (business {other}), {elsewhere} at Twilio"]
    assert moved["sentence"] == "Its calls go to https://demo.twilio.com/x (POST)."
    assert f"/twiml/incoming/{other}" in moved["remedy"]
    gone = found[f"Bakery (business {third}), {unknown} at Twilio"]
    assert "does not have this number" in gone["sentence"]


@pytest.mark.parametrize(
    "faults",
    [Faults(handshake_status=401), Faults(configured="altered"), Faults(configured="refused")],
)
def test_a_model_that_refuses_or_confirms_something_else_is_wrong(
    capsys: pytest.CaptureFixture[str], account: Settings, faults: Faults
) -> None:
    with running_model(faults) as address:
        account.OPENAI_REALTIME_URL = address
        is_fine, found = examine(capsys, "--live")
    assert not is_fine
    assert found["Model, live"]["mark"] == "wrong"


def test_a_refused_twilio_account_is_wrong(
    capsys: pytest.CaptureFixture[str], twilio: type[Twilio]
) -> None:
    twilio.status = 401
    is_fine, found = examine(capsys, "--live")
    assert not is_fine
    assert found["Twilio, live"]["sentence"] == "Twilio answered with status 401."


def test_an_unreachable_twilio_is_wrong(
    capsys: pytest.CaptureFixture[str], twilio: type[Twilio], settings: Settings
) -> None:
    settings.TWILIO_API_BASE_URL = f"http://127.0.0.1:{free_port()}"
    _is_fine, found = examine(capsys, "--live")
    assert "could not be reached" in found["Twilio, live"]["sentence"]
    assert "internet connection" in found["Twilio, live"]["remedy"]
    assert "TWILIO_AUTH_TOKEN" not in found["Twilio, live"]["remedy"]


def test_an_unreachable_model_is_a_matter_of_the_network(
    capsys: pytest.CaptureFixture[str], account: Settings
) -> None:
    account.OPENAI_REALTIME_URL = f"ws://127.0.0.1:{free_port()}"
    _is_fine, found = examine(capsys, "--live")
    assert "internet connection" in found["Model, live"]["remedy"]
    assert "OPENAI_API_KEY" not in found["Model, live"]["remedy"]


def test_demo_data_is_proposed_at_home_only(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    assert "seed_demo" in examine(capsys)[1]["Businesses"]["remedy"]
    settings.PUBLIC_IS_LOOPBACK = False
    assert "seed_demo" not in examine(capsys)[1]["Businesses"]["remedy"]


def test_a_server_that_is_not_started_yet_is_worth_a_note(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{free_port()}"
    is_fine, found = examine(capsys)
    assert is_fine
    assert found["Server"]["mark"] == "note"
    assert settings.PUBLIC_BASE_URL in found["Server"]["sentence"]


def test_whoever_is_locked_out_is_named_with_the_remedy(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examine(capsys)[1]["Logins"]["sentence"] == "Nobody is locked out."
    for _ in range(5):
        client.post("/admin/login/", {"username": "dana", "password": "wrong"})
    locked = examine(capsys)[1]["Logins"]
    assert "dana" in locked["sentence"]
    assert "axes_reset_username dana" in locked["remedy"]
