"""The report of an import as lines for a person; the unanswered calls come first."""

from collections.abc import Iterator

from prompts.domain.kinds import Channel, Direction
from prompts.domain.legacy.report import Imported, Outcome, Placed, Report

DIRECTIONS = {
    Direction.INBOUND: "customers call us (inbound)",
    Direction.OUTBOUND: "we call customers (outbound)",
}
DONE = {
    Outcome.PUBLISHED: "v{} published",
    Outcome.IN_FORCE: "v{} is live already",
    Outcome.OFFERED: "offered as a draft, not published",
    Outcome.WAITING: "waits as a draft already",
    Outcome.STORED: "v{} stored, calls never read it",
    Outcome.PRESENT: "was here before, not live",
}
PLANNED = DONE | {
    Outcome.PUBLISHED: "v{} would be published",
    Outcome.OFFERED: "would be offered as a draft, not published",
    Outcome.STORED: "v{} would be stored, calls never read it",
}


def lines(report: Report) -> Iterator[str]:
    """The whole report."""
    yield from _unanswered(report)
    yield from _faults(report)
    yield from _imported(report)
    yield _summary(report)


def _unanswered(report: Report) -> Iterator[str]:
    if report.unanswered:
        yield "CALLS WOULD NOT BE ANSWERED BY THE AGENT"
    for one in report.unanswered:
        number = "" if one.has_number else ", which has no phone number"
        yield f"  Business {one.business_id} {one.business}{number}, {DIRECTIONS[one.direction]}:"
        yield f"    {one.sentence}"


def _faults(report: Report) -> Iterator[str]:
    if report.faults:
        yield "NOT IMPORTED"
    for fault in report.faults:
        yield f"  {fault.place[0].upper()}{fault.place[1:]}: {fault.sentence}"


def _imported(report: Report) -> Iterator[str]:
    if report.imported:
        yield "WOULD BE IMPORTED" if report.dry_run else "IMPORTED"
    for business in report.imported:
        yield from _business(business, PLANNED if report.dry_run else DONE)


def _business(business: Imported, words: dict[Outcome, str]) -> Iterator[str]:
    yield f"  Business {business.business_id} {business.business}, row {business.row}:"
    for one in business.placed:
        yield f"    {_slot(one)}: {words[one.outcome].format(one.version)}. From {one.origin}."
        for remark in one.remarks:
            yield f"      {remark}"
    for dropped in business.dropped:
        yield f"    {dropped.field} is left out: {dropped.why}"


def _slot(one: Placed) -> str:
    direction = DIRECTIONS[one.direction]
    return direction if one.channel is Channel.CALLS else f"{direction}, {one.channel}"


def _summary(report: Report) -> str:
    counted = (
        f"Rows read: {report.rows}, businesses taken: {len(report.imported)}, "
        f"faults: {len(report.faults)}, slots that stay empty: {len(report.unanswered)}."
    )
    return f"{counted} This was a dry run: nothing was changed." if report.dry_run else counted
