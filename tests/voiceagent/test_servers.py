import json
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.servers import COMMANDS, running_server


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_each_server_starts_answers_and_logs_no_error(server: str) -> None:
    with running_server(server) as running:
        for path in ("/healthz", "/readyz", "/admin/login/", "/static/admin/css/base.css"):
            with urllib.request.urlopen(running.base_url + path, timeout=10) as answer:
                assert answer.status == 200
        running.stop()
    assert "Traceback" not in running.log
    assert "ASGI 'lifespan'" not in running.log
    assert "Warning" not in running.log


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_every_line_of_a_server_is_json_where_that_is_asked_for(server: str) -> None:
    with running_server(server, {"LOG_FORMAT": "json"}) as running:
        urllib.request.urlopen(running.base_url + "/healthz", timeout=10).close()
        running.stop()
    lines = [json.loads(line) for line in running.log.splitlines()]
    assert {line["level"] for line in lines} == {"INFO"}
    (answered,) = {line["logger"] for line in lines if "/healthz" in line["message"]}
    assert answered == f"{server}.access"


def test_an_access_log_that_was_switched_off_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        COMMANDS, "uvicorn", ["uvicorn", "--no-access-log", *COMMANDS["uvicorn"][1:]]
    )
    with running_server("uvicorn") as running:
        urllib.request.urlopen(running.base_url + "/healthz", timeout=10).close()
        running.stop()
    assert "/healthz" not in running.log
    assert "uvicorn.error: " in running.log


def test_a_server_can_run_on_postgres(postgres_url: str) -> None:
    with (
        running_server(database="postgres") as running,
        urllib.request.urlopen(running.base_url + "/readyz", timeout=10) as answer,
    ):
        assert answer.status == 200


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_no_server_logs_the_token_of_a_media_socket(server: str) -> None:
    with running_server(server, {"LOG_LEVEL": "DEBUG"}) as running:
        address = running.base_url.replace("http", "ws", 1) + "/media-stream/secret-token"
        with pytest.raises(InvalidStatus):
            connect(address, open_timeout=10)
        running.stop()
    assert "/media-stream/[redacted]" in running.log
    assert "secret-token" not in running.log
