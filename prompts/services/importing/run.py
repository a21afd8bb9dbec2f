"""One import from the bytes of a file to its report; a dry run decides the same and writes nothing.

What a business wrote for a direction is published there, unless people have moved the slot here.
What it only fell back on is offered as a draft without a person, which waits in the right slot for
whoever takes it up: no call reads drafts, and publishing one stays the decision of a person.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from prompts.domain.kinds import Apply, Channel, Direction, Layer
from prompts.domain.legacy import BadFile, Dropped, Fault, Record, parse_record, read_rows
from prompts.domain.legacy.fallbacks import LivedOn, fallback_of
from prompts.domain.legacy.records import GREETING, SYSTEM
from prompts.domain.legacy.report import Imported, Outcome, Placed, Report, Unanswered
from prompts.domain.text import sha256
from prompts.models import (
    Business,
    ImportedRecord,
    PhoneNumber,
    Prompt,
    PromptDraft,
    PromptVersion,
    Release,
)
from prompts.selectors import current_versions
from prompts.services.audit import Change
from prompts.services.audit import record as record_change
from prompts.services.draft import offer_draft
from prompts.services.revision import lock_business, raise_revision
from prompts.services.slots import (
    Move,
    business_slot,
    describe,
    log_after_commit,
    move_slot,
    write_version,
)

from .matching import Match, Matcher
from .places import OFFERED, Place, offer, place, wanted_texts

ACTIONS = {
    Outcome.PUBLISHED: "prompt.imported",
    Outcome.OFFERED: OFFERED,
    Outcome.STORED: "prompt.stored",
}
NOTES = {
    Outcome.PUBLISHED: "Imported from %s",
    Outcome.OFFERED: "Offered by the import from %s",
    Outcome.STORED: "Stored by the import from %s",
}


def import_prompts(
    content: bytes,
    *,
    source: str,
    actor: User | None,
    dry_run: bool = False,
    inbound_only: Collection[int] = (),
) -> Report:
    """Import a file; a business is one transaction, and a row with a fault changes nothing.

    ``inbound_only`` names the businesses that call no customers and miss no outbound prompt.
    """
    report = Report(source=source, dry_run=dry_run)
    matches = _read(content, report)
    for record, business in matches:
        report.imported.append(_import(record, business, source, actor, dry_run=dry_run))
    report.unanswered.extend(_unanswered(matches, report.imported, inbound_only))
    report.faults.sort(key=lambda fault: fault.row)
    return report


def _read(content: bytes, report: Report) -> list[Match]:
    """The records that can be trusted; everything else stands in the report."""
    try:
        rows = read_rows(content, report.source)
    except BadFile as bad:
        report.blame([bad.fault])
        return []
    report.rows = len(rows)
    records = []
    for row in rows:
        if row.broken:
            report.blame([Fault(row.number, row.broken_field, row.broken)])
            continue
        parsed = parse_record(row.number, row.values)
        if isinstance(parsed, Record):
            records.append(parsed)
        else:
            report.blame(parsed)
    matches, faults = Matcher().match(records)
    report.blame(faults)
    return matches


@transaction.atomic
def _import(
    record: Record, business: Business, source: str, actor: User | None, *, dry_run: bool
) -> Imported:
    """All texts of one business."""
    locked = lock_business(business)
    decided = (place(locked, wanted) for wanted in wanted_texts(record))
    places = [one for one in decided if one is not None]
    if not dry_run:
        _carry_out(locked, record, places, source, actor)
    return Imported(
        row=record.row,
        business_id=locked.pk,
        business=locked.name,
        placed=tuple(_placed(one, record, source) for one in places),
        empty=tuple(_empty(locked, places)),
        dropped=(*record.dropped, *_left_over(record, places)),
    )


def _carry_out(
    business: Business, record: Record, places: Sequence[Place], source: str, actor: User | None
) -> None:
    """Write what is new, in one revision; nothing is new when the file comes a second time."""
    new = [one for one in places if one.outcome in ACTIONS]
    if not new:
        return
    _keep_original(business, record, source)
    is_heard = any(one.outcome is Outcome.PUBLISHED for one in new)
    revision = raise_revision(business, "imported") if is_heard else business.revision
    for one in new:
        note = NOTES[one.outcome] % record.origin(source, one.wanted.field)
        move = Move(Release.Kind.IMPORT, Apply.LIVE, note, revision, actor)
        _put(business, one, move)


def _put(business: Business, one: Place, move: Move) -> None:
    """Do what was decided for one text, and record it."""
    wanted = one.wanted
    slot = business_slot(business, wanted.direction, wanted.channel)
    before: dict[str, object] = {}
    if one.outcome is Outcome.OFFERED:
        after = offer(wanted.words)
        offer_draft(
            business=business, direction=wanted.direction, words=wanted.words, note=move.reason
        )
    else:
        version = write_version(slot, wanted.words, move.reason, move.actor)
        after = describe(version)
        if one.outcome is Outcome.PUBLISHED:
            before = describe(slot.current)
            after |= {"apply": move.apply.value, "revision": move.revision}
            _publish(slot, version, move)
    change = Change(ACTIONS[one.outcome], slot, before, after)
    record_change(business, change, actor=move.actor, reason=move.reason)


def _publish(slot: Prompt, version: PromptVersion, move: Move) -> None:
    """Put the version in force; what an earlier import offered there is overtaken."""
    move_slot(slot, version, move)
    PromptDraft.objects.filter(prompt=slot, person=None).delete()
    log_after_commit(slot, version, move)


def _keep_original(business: Business, record: Record, source: str) -> None:
    """Keep the row as it came; the same row is kept once."""
    ImportedRecord.objects.get_or_create(
        business=business,
        sha256=sha256(record.original),
        defaults={
            "source": source,
            "row_number": record.row,
            "original": record.original,
            "imported_at": timezone.now(),
        },
    )


def _placed(one: Place, record: Record, source: str) -> Placed:
    wanted = one.wanted
    return Placed(
        direction=wanted.direction,
        channel=wanted.channel,
        outcome=one.outcome,
        version=one.version,
        field=wanted.field,
        origin=record.origin(source, wanted.field),
        remarks=one.remarks,
    )


def _empty(business: Business, places: Iterable[Place]) -> Iterator[Direction]:
    """The directions whose calls would not be answered when this is done."""
    published = {one.wanted.direction for one in places if one.outcome is Outcome.PUBLISHED}
    for direction, version in current_versions(business).items():
        if version is None and direction not in published:
            yield direction


def _left_over(record: Record, places: Iterable[Place]) -> Iterator[Dropped]:
    """Words of the record for which there is no place."""
    used = {(one.wanted.channel, one.wanted.field) for one in places}
    opened = {one.wanted.channel for one in places if one.wanted.direction is Direction.INBOUND}
    for channel in (Channel.CALLS, Channel.WHATSAPP):
        if getattr(record.greeting, channel.value) and channel not in opened:
            yield Dropped(GREETING, f"There is no inbound text for {channel} that it could open.")
        if getattr(record.system, channel.value) and (channel, SYSTEM) not in used:
            yield Dropped(SYSTEM, f"No direction of {channel} lived on it.")


def _unanswered(
    matches: Iterable[Match], imported: Iterable[Imported], inbound_only: Collection[int]
) -> Iterator[Unanswered]:
    """Each slot that stays empty, of the businesses in the file and then of the others."""
    numbered = set(PhoneNumber.objects.values_list("business_id", flat=True))
    done = set()
    for (record, _business), one in zip(matches, imported, strict=True):
        done.add(one.business_id)
        for direction in one.empty:
            if direction is Direction.INBOUND or one.business_id not in inbound_only:
                yield _missing(record, one, direction, has_number=one.business_id in numbered)
    for business in _without_inbound().filter(pk__in=numbered - done):
        yield Unanswered(
            business_id=business.pk,
            business=business.name,
            has_number=True,
            direction=Direction.INBOUND,
            lived_on=LivedOn.UNKNOWN,
            has_draft=False,
        )


def _missing(
    record: Record, one: Imported, direction: Direction, *, has_number: bool
) -> Unanswered:
    is_own = bool(record.prompts[direction].calls)
    drafts = {
        placed.direction
        for placed in one.placed
        if placed.outcome in (Outcome.OFFERED, Outcome.WAITING)
    }
    return Unanswered(
        business_id=one.business_id,
        business=one.business,
        has_number=has_number,
        direction=direction,
        lived_on=LivedOn.OWN_TEXT if is_own else fallback_of(record, direction).lived_on,
        has_draft=direction in drafts,
    )


def _without_inbound() -> QuerySet[Business]:
    """The businesses that have no live prompt for calls from customers."""
    live = Prompt.objects.filter(
        business=OuterRef("pk"),
        layer=Layer.BUSINESS.value,
        direction=Direction.INBOUND.value,
        channel=Channel.CALLS.value,
        current__isnull=False,
    )
    return Business.objects.filter(~Exists(live)).order_by("pk")
