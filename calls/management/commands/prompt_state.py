"""Say what the database, the cache and each live call hold of a business's prompt."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from calls.inspection.state import prompt_state
from prompts.management.asking import add_url_argument, ask_server, sentence_of
from prompts.models import Business

State = dict[str, Any]  # Any: JSON


class Command(BaseCommand):
    """Here when the cache is shared, in the running server when it is the server's own."""

    help = (
        "Shows which words the database, the cache and each live call hold, and since when. "
        "Changes nothing. Exits with 1 when they differ; calls that keep their version by choice "
        "do not count."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which business."""
        parser.add_argument("business", type=int, metavar="BUSINESS")
        parser.add_argument("--json", action="store_true", help="print data")
        add_url_argument(parser)

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Read and print."""
        state = _read(options["business"], options["url"])
        if options["json"]:
            text = json.dumps(state, indent=2, cls=DjangoJSONEncoder, ensure_ascii=False)
            self.stdout.write(text)
        else:
            self._print(state)
        if not state["agrees"]:
            raise CommandError("They differ.", returncode=1)

    def _print(self, state: State) -> None:
        self.stdout.write(f"Business {state['business']}, revision {state['revision']}")
        for direction, one in state["directions"].items():
            self.stdout.write(f"{direction}:")
            self.stdout.write(f"  database  {_line(one['database'])}")
            cached = _line(one["cache"]) if one["cache"] else "nothing kept"
            self.stdout.write(f"  cache     {cached}")
            for call in one["calls"]:
                mark = "held" if call["held"] else "" if call["agrees"] else "DIFFERS"
                words = f"words {call['words'][:12] or '-'}"
                self.stdout.write(
                    f"  {call['id']}  r{call['revision']} v{call['version']} {words} "
                    f"{call['last']} {call['age']} s {mark}".rstrip()
                )


def _line(held: State) -> str:
    if held["fault"]:
        return str(held["fault"])
    age = "-" if held["age"] is None else f"{held['age']} s"
    return f"r{held['revision']} v{held['version']} words {held['words'][:12]} age {age}"


def _read(business_id: int, url: str) -> State:
    if settings.REDIS_URL:
        try:
            return prompt_state(business_id, timezone.now())
        except Business.DoesNotExist:
            raise CommandError(f"There is no business {business_id}.") from None
    status, data = ask_server(url, "GET", f"/realtime/business/{business_id}/state")
    if status != 200:
        raise CommandError(sentence_of(data))
    return data
