"""Say what a call would hear in every direction of every business, and from where."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.inspection.directions import check_directions


class Command(BaseCommand):
    """Reads the database only."""

    help = (
        "Shows for every business and direction which versions a call would hear, lists the empty "
        "slots, and looks for past calls whose stamps name words of another business or direction. "
        "Exits with 1 when there are any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="print data")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Check and print."""
        found = check_directions()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            self._print(found)
        if not found["good"]:
            raise CommandError("Calls were given words of another place.", returncode=1)

    def _print(self, found: dict[str, Any]) -> None:
        for place in found["places"]:
            versions = place["versions"] or {}
            heard = ", ".join(f"{layer} v{number}" for layer, number in versions.items())
            paused = " (paused)" if place["paused"] else ""
            self.stdout.write(
                f"{place['business']} {place['name']}, {place['direction']}: "
                f"{heard or place['why']}{paused}"
            )
        for stranger in found["strangers"]:
            self.stdout.write(
                f"WRONG  call {stranger['call']}: a {stranger['kind']} names version "
                f"{stranger['prompt_version']} of another place."
            )
        if not found["strangers"]:
            self.stdout.write("No past call names words of another business or direction.")
