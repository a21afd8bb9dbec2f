"""Every word of ours stands in every catalogue."""

import subprocess
import sys

from tests.servers import clean_environment
from tests.settings import ROOT


def test_nothing_is_missing_or_guessed() -> None:
    done = subprocess.run(
        [sys.executable, ".ci/translations.py"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
