"""Ends a process without a traceback at Ctrl-C, while it still loads too."""

import signal
import sys
from collections.abc import Callable
from typing import Any

SOON = 0.01  # seconds


def run_quietly(main: Callable[[], object]) -> None:
    """Run ``main``; a Ctrl-C ends the process with 130, as a shell expects it."""
    sys.unraisablehook = _give_again
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)


def _give_again(unraisable: Any) -> None:
    """Python prints and forgets an interrupt that falls into a callback of its own; we do not."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        # Given at once, it would fall into this very callback again.
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, SOON)
    else:
        sys.__unraisablehook__(unraisable)
