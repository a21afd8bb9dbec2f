"""Runs a module as `python -m` does, but ends without a traceback at Ctrl-C, while it loads too."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    del sys.argv[0]
    from voiceagent.interrupt import run_quietly

    run_quietly(lambda: runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True))
