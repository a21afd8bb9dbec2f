"""Makes a token for a script."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from prompts.models import Business
from prompts.services.tokens import TokenRight, create_token


class Command(BaseCommand):
    """Prints the token once; only its hash is kept."""

    help = "Make a token for the HTTP interface; it is sent as “Authorization: Bearer TOKEN”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for everything that a token can never change."""
        parser.add_argument("name", help="what uses it, such as “shop sync”")
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--business", type=int, metavar="ID", help="the one business it is for")
        scope.add_argument("--all-businesses", action="store_true", help="it is for every business")
        parser.add_argument(
            "--right",
            action="append",
            choices=[one.value for one in TokenRight],
            help="what it may do; can be repeated (read, when none is named)",
        )
        parser.add_argument("--days", type=int, default=90, help="how long it is good (90)")
        parser.add_argument("--json", action="store_true", help="print the token as JSON")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Make it and print it."""
        try:
            made = create_token(
                name=options["name"],
                business=_find(options["business"]),
                rights=[TokenRight(one) for one in options["right"] or ["read"]],
                days=options["days"],
                actor=None,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        until = localtime(made.row.expires_at)
        if options["json"]:
            data = {"token": made.secret, "expires_at": until.isoformat()}
            self.stdout.write(json.dumps(data))
            return
        self.stdout.write(made.secret)
        self.stderr.write(
            f"Good until {until:%Y-%m-%d}. Keep it now: it is not shown again. "
            "Send it as “Authorization: Bearer ...”; revoke it in the admin under “API tokens”."
        )


def _find(pk: int | None) -> Business | None:
    """The business that was named; None stands for every one."""
    if pk is None:
        return None
    try:
        return Business.objects.get(pk=pk)
    except Business.DoesNotExist as error:
        raise CommandError(f"There is no business {pk}.") from error
