#!/usr/bin/env python
"""Django's command line, which ends with a sentence where the remedy is known."""

import os
import sys

from voiceagent.interrupt import run_quietly


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceagent.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        try:
            execute_from_command_line(sys.argv)
        finally:
            sys.stdout.flush()  # here, where a reader that has gone can be met quietly
    except (OperationalError, ProgrammingError) as error:
        from voiceagent.tables import why_unusable

        sentence = why_unusable(sys.argv[1])
        if not sentence:
            raise
        sys.exit(f"{sentence} ({type(error).__name__})")


if __name__ == "__main__":
    try:
        run_quietly(main)
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
