"""Bring the prompts of an older system here, with a report."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prompts.domain.legacy.faults import shown
from prompts.management.import_report import lines
from prompts.services.importing import import_prompts


class Command(BaseCommand):
    """Reads a file, imports what is right, and says what is not."""

    help = (
        "Imports ai_prompt, outbound_ai_prompt and greeting_message of an older system from JSON "
        "or CSV. Look at it with --dry-run first. Exits with 1 when a row is wrong, and with "
        "--strict while a business with a phone number misses a prompt that it needs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what to read, and how strictly."""
        parser.add_argument("file", metavar="FILE", help="a .json or .csv file in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="report only, change nothing")
        parser.add_argument(
            "--strict", action="store_true", help="exit with 1 while calls would go unanswered"
        )
        parser.add_argument(
            "--inbound-only",
            type=int,
            nargs="+",
            default=[],
            metavar="BUSINESS",
            help="businesses that call no customers and need no outbound prompt",
        )
        parser.add_argument("--json", action="store_true", help="print data")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Import, print, and end with 1 when something has to be done."""
        path = Path(options["file"])
        report = import_prompts(
            _content(path),
            source=shown(path.name),
            actor=None,
            dry_run=options["dry_run"],
            inbound_only=options["inbound_only"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(lines(report)))
        if report.faults or (options["strict"] and report.misses_a_prompt):
            raise SystemExit(1)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{shown(str(path))} cannot be read: {reason}.") from error
