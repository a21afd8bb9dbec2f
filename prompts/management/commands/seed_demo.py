"""Fills an empty database with the three demo businesses."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prompts.demo import DEMO
from prompts.services.demo import PASSWORD, USERNAME, Occupied, seed_businesses, seed_user


class Command(BaseCommand):
    """Makes the demo data; running it again changes nothing."""

    help = "Make three demo businesses and, on this machine only, the user demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the data as JSON."""
        parser.add_argument("--json", action="store_true", help="print what there is as JSON")

    def handle(self, *args: object, **options: object) -> None:
        """Seed and say what was done."""
        try:
            made = seed_businesses()
        except Occupied as error:
            raise CommandError(str(error)) from error
        user_made = self.may_make_user() and seed_user()
        if options["json"]:
            self.stdout.write(self.as_json([business.pk for business in made]))
            return
        for demo in DEMO:
            done = "made" if any(business.pk == demo.pk for business in made) else "was there"
            self.stdout.write(f"Business {demo.pk} {demo.details['name']}, {demo.number}: {done}")
        if user_made:
            self.stdout.write(f"Admin user {USERNAME}, password {PASSWORD}: made")

    @staticmethod
    def may_make_user() -> bool:
        """A known password is for this machine only."""
        return settings.DEBUG and settings.PUBLIC_IS_LOOPBACK

    @staticmethod
    def as_json(made: list[int]) -> str:
        """The demo businesses, for a script."""
        businesses = [
            {
                "id": demo.pk,
                "name": demo.details["name"],
                "number": demo.number,
                "made": demo.pk in made,
            }
            for demo in DEMO
        ]
        return json.dumps({"businesses": businesses}, ensure_ascii=False)
