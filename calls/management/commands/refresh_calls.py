"""Send the prompt again to calls in progress, and say what they answered."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from calls import selectors
from calls.live.refreshing import refresh_calls
from calls.management.commands.live_calls import check_business, line_of
from calls.models import Call
from calls.overview import live_calls
from prompts.management.asking import add_url_argument, ask_server, sentence_of

Result = dict[str, Any]  # Any: JSON


class Command(BaseCommand):
    """Over Redis to every worker, or over HTTP to the one that runs."""

    help = (
        "Reads everything again and sends it to a call in progress, to those of a business or to "
        "all. With exactly one call in progress it needs no argument. Exits with 1 unless every "
        "call has the words or will pick them up."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which calls."""
        parser.add_argument("call_sid", nargs="?", default="", metavar="CALL_SID")
        parser.add_argument("--business", type=int, help="every call of this business")
        parser.add_argument("--all", action="store_true", help="every call in progress")
        parser.add_argument("--force", action="store_true", help="also where nothing changed")
        parser.add_argument("--json", action="store_true", help="print data")
        add_url_argument(parser)

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Refresh and print one result for each call."""
        results: list[Result] = []
        for calls in self._chosen(options):
            results += _ask(calls, force=options["force"], url=options["url"])
        if options["json"]:
            self._print_data({"results": results})
        else:
            for one in results:
                self.stdout.write(f"{one['id']}  {one['message']}")
            if not results:
                self.stdout.write("No calls are in progress.")
        if not all(one["status"] in (200, 202) for one in results):
            raise CommandError("Not every call has the words.", returncode=1)

    def _print_data(self, data: dict[str, object]) -> None:
        text = json.dumps(data, indent=2, cls=DjangoJSONEncoder, ensure_ascii=False)
        self.stdout.write(text)

    def _chosen(self, options: dict[str, Any]) -> list[list[Call]]:
        """The calls that are meant, those of a business together."""
        if options["call_sid"]:
            call = selectors.call_by_sid(options["call_sid"])
            if call is None or call.business_id is None:
                raise CommandError(f"There is no call {options['call_sid']}.")
            if options["business"] not in (None, call.business_id):
                raise CommandError(f"That call is one of business {call.business_id}.")
            return [[call]]
        check_business(options["business"])
        found = live_calls(timezone.now(), options["business"])
        if len(found) > 1 and not options["all"] and options["business"] is None:
            lines = "\n".join(line_of(one) for one in found)
            if options["json"]:
                self._print_data({"results": [], "sessions": [one.as_data() for one in found]})
            raise CommandError(f"Several calls are in progress: name one, or say --all.\n{lines}")
        together: dict[int | None, list[Call]] = {}
        for one in found:
            together.setdefault(one.call.business_id, []).append(one.call)
        return list(together.values())


def _ask(calls: list[Call], *, force: bool, url: str) -> list[Result]:
    """The result of each call, by whichever way its process can be reached."""
    if settings.REDIS_URL:
        return [
            {"id": one.call_sid, "status": one.status, **one.as_data()}
            for one in refresh_calls(calls, force=force)
        ]
    results = []
    for call in calls:
        path = f"/realtime/session/{call.sid}/refresh"
        status, data = ask_server(url, "POST", path, {"force": force})
        results.append(
            {
                "id": call.sid,
                "status": status,
                "success": status == 200,
                "message": sentence_of(data),
                "receipt": data.get("receipt"),
            }
        )
    return results
