"""Shows the main job from end to end: a call whose prompt is published anew while it goes on."""

import argparse
import asyncio
import sys
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from calls.simulator.telephone.webhook import Unreachable
from voiceagent.demo.keepsake import keep
from voiceagent.demo.stage import DemoFailed, run_apart, running_server, stage
from voiceagent.demo.story import Story

NEXT = """
That was the real server over real sockets; the telephone and the model were the bundled stand-ins.
{kept} What next:
  {run}
  make simulate   beside it, in a second terminal: a call to publish into by hand
  README.md       how to answer a real number"""


class Command(BaseCommand):
    """Sets the stage, then plays the story in a process that has the stage's settings."""

    help = "Run one simulated call through the real server and publish its prompt meanwhile."
    requires_system_checks = ()  # what the shell has for the real server is not of the stage

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """``--on-stage`` is for the command itself."""
        parser.add_argument("--on-stage", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *args: object, on_stage: bool, **options: object) -> None:
        """Play the demo; exits with 1 when any step did not happen."""
        if on_stage:
            self._play()
            return
        try:
            self._play_apart()
        except KeyboardInterrupt:
            self._tell("The demo was broken off.")
            sys.exit(130)

    def _play_apart(self) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--on-stage"]
        with stage() as environment:
            if run_apart(command, environment) != 0:
                sys.exit(1)
            kept = keep(Path(environment["DATABASE_URL"].removeprefix("sqlite:///")))
        self._tell(NEXT.format(kept=kept.sentence, run=kept.next_step))

    def _play(self) -> None:
        self.check()
        self._tell("Setting up a database with three demo businesses ...")
        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=StringIO())
        self._tell("Starting the server ...")
        try:
            with running_server() as base_url:
                asyncio.run(Story(base_url, self._tell).run())
        except (DemoFailed, Unreachable, TimeoutError) as failed:
            raise CommandError(f"The demo failed: {failed}") from failed

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
