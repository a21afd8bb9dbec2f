"""Every word of ours stands in every catalogue."""

import subprocess
import sys

from django.utils.translation import gettext, override

from prompts.admin.borrowed import COUNTED, WORDS
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


def test_words_that_djangos_hebrew_lacks_stand_in_ours() -> None:
    words = [*WORDS, *COUNTED]
    english = [gettext(str(word)) for word in words]
    with override("he"):
        same = [one for one, word in zip(english, words, strict=True) if gettext(str(word)) == one]
    assert same == []
