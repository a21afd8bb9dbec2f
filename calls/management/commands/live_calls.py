"""List the calls in progress over all workers."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from calls import overview
from calls.overview import LiveCall
from calls.services.workers import SURE_AFTER, Reaper
from prompts.models import Business


class Command(BaseCommand):
    """Reads the database, which knows the calls of every process."""

    help = (
        "Lists the calls in progress over all workers, and closes those whose worker has been "
        "silent for 15 seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How to print."""
        parser.add_argument("--business", type=int, help="only the calls of this business")
        parser.add_argument("--json", action="store_true", help="print data")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """List them; the exit code is 0 also when there are none."""
        check_business(options["business"])
        self._reap()
        calls = overview.live_calls(timezone.now(), options["business"])
        if options["json"]:
            data = {"sessions": [one.as_data() for one in calls]}
            self.stdout.write(json.dumps(data, indent=2, cls=DjangoJSONEncoder, ensure_ascii=False))
            return
        for one in calls:
            self.stdout.write(line_of(one))
        if not calls:
            self.stdout.write("No calls are in progress.")

    def _reap(self) -> None:
        reaper = Reaper()
        reaper.look(timezone.now(), time.monotonic())
        if reaper.suspects:
            self.stderr.write(f"A worker is silent; looking again in {SURE_AFTER:g} seconds ...")
            time.sleep(SURE_AFTER)
            closed = reaper.look(timezone.now(), time.monotonic())
            self.stderr.write(f"Calls of silent workers closed as interrupted: {closed}.")


def check_business(business_id: int | None) -> None:
    """A business that is not there has no calls either, and the reader means another."""
    if business_id is not None and not Business.objects.filter(pk=business_id).exists():
        raise CommandError(f"There is no business {business_id}.")


def line_of(one: LiveCall) -> str:
    """A call in one line, without numbers and without words."""
    call = one.call
    version = f"v{one.version}" if one.version else "-"
    result = one.receipt.result if one.receipt else "-"
    return (
        f"{call.sid}  business {call.business_id}  {call.direction}  {call.status}  "
        f"since {call.started_at:%H:%M:%S} UTC  turns {one.turn_count}  r{one.revision}  "
        f"{version}  {one.fingerprint[:12] or '-'}  {result}"
    )
