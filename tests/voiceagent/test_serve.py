"""`make run` starts the demo, whatever the shell says of a real server."""

import socket
import subprocess
from contextlib import closing, suppress

import pytest

from tests.servers import clean_environment
from tests.settings import ROOT

SENTENCE = "This is the demo, so PUBLIC_BASE_URL is left aside"


def said(address: str) -> str:
    """What it says before it finds that its port is taken, by us or by another."""
    with closing(socket.socket()) as taken:
        with suppress(OSError):
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        done = subprocess.run(
            ["sh", ".ci/serve"],
            cwd=ROOT,
            env=clean_environment(PUBLIC_BASE_URL=address),
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Port 8000 is taken" in done.stderr
    return done.stdout


@pytest.mark.parametrize("address", ["https://voice.example.com", "http://127.0.0.1.example.com"])
def test_a_public_address_is_left_aside_and_that_is_said(address: str) -> None:
    assert SENTENCE in said(address)


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8000", "http://localhost"])
def test_an_address_of_this_machine_is_taken(address: str) -> None:
    assert SENTENCE not in said(address)
