"""Run the stand-in for the model by itself, for servers in other processes."""

import asyncio

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.simulator import speech
from calls.simulator.model import SimulatedModel
from calls.simulator.realtime.record import Keep


class Command(BaseCommand):
    """Serves the simulated model until Ctrl-C."""

    help = "Runs the bundled stand-in for the OpenAI Realtime service and prints its address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
        parser.add_argument("--speed", type=float, default=1.0, help="so many times faster")
        parser.add_argument("--tones", action="store_true", help="do not use espeak-ng")

    def handle(self, *, host: str, port: int, speed: float, tones: bool, **options: object) -> None:
        """Serve, and end quietly on Ctrl-C."""
        if tones:
            speech.voice.program = None
        model = SimulatedModel(host=host, port=port, speed=speed, keep=Keep.NOTHING)
        try:
            asyncio.run(self._serve(model))
        except KeyboardInterrupt:
            self.stdout.write("The simulated model has stopped.")
        except OSError as error:
            message = f"Port {port} on {host} cannot be used: {error.strerror}."
            raise CommandError(message) from error

    async def _serve(self, model: SimulatedModel) -> None:
        async with model:
            self.stdout.write(f"The simulated model listens on {model.url} until Ctrl-C.")
            self.stdout.flush()
            await asyncio.Event().wait()
