"""Prove that no stale and no foreign words are served, in the process that serves them."""

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prompts.management.asking import add_url_argument, ask_server, sentence_of
from prompts.models import Business
from prompts.services.freshness import check_freshness


class Command(BaseCommand):
    """Here when the cache is shared, in the running server when it is the server's own."""

    help = (
        "Warms the cache, publishes a marked copy of the business's prompt in a test slot that no "
        "call hears, reads it and everything else, takes it back. Exits with 1 when stale or "
        "foreign words were served."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which business."""
        parser.add_argument("business", type=int, metavar="BUSINESS")
        parser.add_argument("--json", action="store_true", help="print data")
        add_url_argument(parser)

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Check and print each point."""
        data = _check(options["business"], options["url"])
        if options["json"]:
            self.stdout.write(json.dumps(data, indent=2))
        else:
            for one in data["findings"]:
                mark = "good " if one["good"] else "WRONG"
                self.stdout.write(f"{mark}  {one['name']}: {one['sentence']}")
        if not data["fresh"]:
            raise CommandError("Stale or foreign words were served.", returncode=1)


def _check(business_id: int, url: str) -> dict[str, Any]:
    if settings.REDIS_URL:
        business = Business.objects.filter(pk=business_id).first()
        if business is None:
            raise CommandError(f"There is no business {business_id}.")
        findings = check_freshness(business=business, actor=None)
        return {
            "fresh": all(one.good for one in findings),
            "findings": [asdict(one) for one in findings],
        }
    status, data = ask_server(url, "POST", f"/api/admin/businesses/{business_id}/freshness")
    if status != 200:
        raise CommandError(sentence_of(data))
    return data
