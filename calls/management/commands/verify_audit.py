"""Check the record of changes, and with ``--calls`` what every answer stood under."""

import gc
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from calls.proof.chains import (
    check_chains,
    check_profiles,
    check_releases,
    check_versions,
)
from calls.proof.notes import check_notes
from calls.proof.verification import Report, verify

SAYS_SOMETHING_AFTER = 2.0  # seconds
FAULTS_SHOWN = 20


class Command(BaseCommand):
    """Says whether the history is whole; exit 1 when it is not."""

    help = (
        "Checks the hash chains of all businesses, of the platform and of the reads of callers. "
        "With --calls also every stored text against its hash and every answer's stamp against "
        "the log of its call."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how much to check, and how to print it."""
        parser.add_argument("--calls", action="store_true", help="check the calls as well")
        parser.add_argument("--json", action="store_true", help="print the result as data")

    def handle(self, **options: Any) -> None:  # Any: argparse
        """Check, print, and end with 1 after a fault."""
        self._said = time.monotonic()
        gc.freeze()  # or the collector walks through all of Django again and again
        report = Report()
        chains = []
        for chain in check_chains():
            chains.append(chain)
            report.blame([chain.fault])
            self._progress(f"{len(chains)} chains checked")
        for versions, fault in enumerate(check_versions(), start=1):
            report.blame([fault])
            self._progress(f"{versions} prompt versions checked")
        for releases, fault in enumerate(check_releases(), start=1):
            report.blame([fault])
            self._progress(f"{releases} releases checked")
        for fault, erased in (*check_profiles(), *check_notes()):
            report.blame([fault])
            report.erased += [erased] if erased else []
        if options["calls"]:
            found = verify(self._progress)
            found.blame(report.faults)
            found.erased += report.erased
            report = found
        entries = sum(chain.entries for chain in chains)
        if options["json"]:
            heads = [{"of": c.owner, "entries": c.entries, "head": c.head} for c in chains]
            self.stdout.write(json.dumps(_data(report, heads, calls=options["calls"])))
        else:
            self._print(report, len(chains), entries, calls=options["calls"])
        if report.fault_count:
            raise SystemExit(1)

    def _progress(self, sentence: str) -> None:
        """A line on the side, every two seconds of a long run."""
        if time.monotonic() - self._said > SAYS_SOMETHING_AFTER:
            self._said = time.monotonic()
            self.stderr.write(f"{sentence} ...")

    def _print(self, report: Report, chains: int, entries: int, *, calls: bool) -> None:
        say = self.stdout.write
        say(f"{entries} entries in {chains} chains checked.")
        if calls:
            say(
                f"{report.calls} calls with {report.answers} answers and {report.texts} texts "
                f"checked; {report.in_progress} calls in progress were left out."
            )
        for sentence in report.erased[:FAULTS_SHOWN]:
            say(sentence)
        if report.unfinished:
            sids = ", ".join(report.unfinished[:FAULTS_SHOWN])
            say(f"{len(report.unfinished)} logs break off, as a crash leaves them: {sids}.")
        for sentence in report.faults[:FAULTS_SHOWN]:
            say(self.style.ERROR(sentence))
        if report.fault_count > FAULTS_SHOWN:
            say(f"... and {report.fault_count - FAULTS_SHOWN} more faults.")
        say(_verdict(report.fault_count))


def _data(report: Report, heads: list[dict[str, object]], *, calls: bool) -> dict[str, object]:
    """The same as data; the heads are worth keeping elsewhere, to compare with later."""
    data: dict[str, object] = {
        "ok": not report.fault_count,
        "chains": heads,
        "faults": report.faults,
        "fault_count": report.fault_count,
    }
    if calls:
        names = ("calls", "answers", "texts", "in_progress", "erased", "unfinished")
        data |= {name: getattr(report, name) for name in names}
    return data


def _verdict(faults: int) -> str:
    if not faults:
        return "Everything agrees."
    return "1 fault." if faults == 1 else f"{faults} faults."
