"""An interrupt ends a process quietly, wherever it falls."""

import subprocess
import sys

import pytest

from tests.servers import ROOT

BEGIN = """
import os, signal, time
from voiceagent.interrupt import run_quietly

def be_interrupted():
    while True:
        time.sleep(0.01)

def interrupt(*arguments):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
    be_interrupted()

class Fragile:
    def __del__(self):
        interrupt()
"""


@pytest.mark.parametrize("main", ["interrupt", "lambda: (Fragile() and None, be_interrupted())"])
def test_an_interrupt_is_neither_printed_nor_lost(main: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{BEGIN}\nrun_quietly({main})\nprint('went on')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
