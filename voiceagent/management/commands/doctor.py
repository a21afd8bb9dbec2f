"""Says what keeps this installation from taking calls, with the remedy for each point."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import BaseCommand

from prompts.admin.checklist import Mark
from voiceagent.doctor.findings import Finding, note
from voiceagent.doctor.live import look_at_twilio, model_answers
from voiceagent.doctor.machine import (
    database_answers,
    layer_carries,
    look_at_history,
    look_at_settings,
    redis_answers,
    server_answers,
    tables_are_current,
)
from voiceagent.doctor.numbers import look_at_businesses
from voiceagent.doctor.people import look_at_people


class Command(BaseCommand):
    """Looks at everything, changes nothing, and fails when something is wrong."""

    help = "Check settings, database, Redis and each number's connection; say what to do."
    requires_system_checks = ()  # they are part of the report

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer JSON, and questions to the real accounts."""
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument(
            "--live",
            action="store_true",
            help="also ask OpenAI for one session and Twilio for the account and its numbers",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Report, and end with 1 when something is wrong."""
        findings: list[Finding] = []
        for finding in examine(live=bool(options["live"])):
            findings.append(finding)
            if not options["json"]:
                self.stdout.write(finding.line())
        faults = sum(finding.mark is Mark.WRONG for finding in findings)
        if options["json"]:
            report = {"ok": not faults, "findings": [one.as_json() for one in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_summary(faults))
        if faults:
            raise SystemExit(1)


def examine(*, live: bool) -> Iterator[Finding]:
    """Every finding, in the order in which a person would mend them."""
    yield from look_at_settings()
    database, tables = database_answers(), None
    yield database
    if database.mark is Mark.GOOD:
        tables = tables_are_current()
        yield tables
    is_readable = tables is not None and tables.mark is Mark.GOOD
    if is_readable:
        yield from look_at_history()
        yield from look_at_people()
    yield redis_answers()
    yield layer_carries()
    yield server_answers()
    if is_readable:
        yield from look_at_businesses()
    else:
        yield note("Businesses", "They were not looked at.", "Mend the database first.")
    if live:
        yield model_answers()
        if is_readable:
            yield from look_at_twilio()


def _summary(faults: int) -> str:
    if not faults:
        return "Nothing is wrong."
    return "One thing is wrong." if faults == 1 else f"{faults} things are wrong."
