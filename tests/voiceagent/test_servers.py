import urllib.request

import pytest

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
    with running_server(database="postgres") as running:
        with urllib.request.urlopen(running.base_url + "/readyz", timeout=10) as answer:
            assert answer.status == 200
