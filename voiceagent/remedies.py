"""How a command is named so that a person can copy it."""

import sys
from pathlib import Path

from django.conf import settings


def manage(words: str) -> str:
    """The command line of a management command, with the .venv where we run from it."""
    is_ours = Path(sys.prefix) == settings.BASE_DIR / ".venv"
    return f"{'.venv/bin/python' if is_ours else 'python'} manage.py {words}"
