import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.servers import running_server


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
