"""Fills a database with years of history: `python -m tests.bench.desk.archive`.

The rows are those that the services write, put there many at a time.
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceagent.settings")
django.setup()

from django.db import transaction  # noqa: E402  # needs Django set up
from django.db.models import Max, Model  # noqa: E402

from calls.domain.notes import tag_key  # noqa: E402
from calls.domain.reasons import EndReason  # noqa: E402
from calls.models import Call, CallTag, Tag, Turn  # noqa: E402
from calls.models.choices import CallStatus, KnownBy, Speaker  # noqa: E402
from prompts.domain.changes import canonical_json, link_hash  # noqa: E402
from prompts.domain.kinds import Apply, Direction  # noqa: E402
from prompts.domain.text import sha256  # noqa: E402
from prompts.models import AuditEntry, Business, Prompt, PromptVersion, Release, Revision  # noqa: E402
from prompts.services.business import create_business  # noqa: E402
from prompts.services.publish import publish  # noqa: E402
from prompts.services.slots import Text  # noqa: E402

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Size:
    """How much history there is."""

    businesses: int = 40
    versions: int = 5_000
    entries: int = 50_000
    calls: int = 100_000


def fill(size: Size) -> None:
    """Add ``size`` to what is there."""
    businesses = [_business(number) for number in range(size.businesses)]
    slots = list(Prompt.objects.filter(business__in=businesses, direction="inbound"))
    for slot in slots:
        add_versions(slot, size.versions // len(slots))
    for business in businesses:
        add_entries(business.pk, size.entries // len(businesses))
    add_calls(businesses, size.calls)


def _business(number: int) -> Business:
    business = create_business(details={"name": f"Business {number:03d}"}, actor=None)
    publish(
        business=business,
        texts={Direction.INBOUND: Text(f"You answer for business {number}.")},
        base={Direction.INBOUND: None},
        note="The first words",
        actor=None,
    )
    return business


@transaction.atomic
def add_versions(slot: Prompt, count: int) -> None:
    """Versions, each of them released once; the newest is live."""
    assert slot.business_id is not None
    business = Business.objects.select_for_update().get(pk=slot.business_id)
    numbers = range(2, count + 2)
    add(_version(slot, number) for number in numbers)
    versions = list(slot.versions.order_by("number"))
    first = business.revision
    add(
        Revision(business=business, number=first + at, cause="published", created_at=NOW)
        for at in range(1, len(versions))
    )
    add(
        Release(
            prompt=slot, from_version=older, to_version=newer, actor_name="editor",
            reason="A change", kind=Release.Kind.PUBLISH, apply=Apply.LIVE.value,
            revision=first + at, created_at=NOW,
        )
        for at, (older, newer) in enumerate(pairwise(versions), start=1)
    )  # fmt: skip
    slot.current = versions[-1]
    slot.save()
    Business.objects.filter(pk=business.pk).update(revision=first + len(versions) - 1)


def _version(slot: Prompt, number: int) -> PromptVersion:
    text = f"Words number {number}. " * 40
    return PromptVersion(
        prompt=slot, number=number, text=text.strip(), note="A change", author_name="editor",
        created_at=NOW, sha256=sha256(text.strip()),
    )  # fmt: skip


@transaction.atomic
def add_entries(business_id: int, count: int) -> None:
    """Entries of one chain, as whole as those that the services write."""
    business = Business.objects.select_for_update().get(pk=business_id)
    entries = []
    for number in range(business.audit_count + 1, business.audit_count + count + 1):
        entry = AuditEntry(
            business=business, number=number, actor_name="editor", action="settings.changed",
            object_type="businesssettings", object_id=str(business_id),
            before=canonical_json({"threshold": 0.5}), after=canonical_json({"threshold": 0.6}),
            reason=f"Reason {number}", request_id=uuid4().hex, at=NOW - timedelta(minutes=number),
            previous_hash=business.audit_head,
        )  # fmt: skip
        entry.hash = business.audit_head = link_hash(entry.content, entry.previous_hash)
        entries.append(entry)
    add(entries)
    Business.objects.filter(pk=business_id).update(
        audit_count=business.audit_count + count, audit_head=business.audit_head
    )


def add_calls(businesses: list[Business], count: int) -> None:
    """Calls of these businesses, with a line of each side; every tenth has a tag."""
    chance = random.Random(1)
    newest = Call.objects.aggregate(pk=Max("pk"))["pk"] or 0
    add(_call(chance.choice(businesses), newest + number, chance) for number in range(count))
    calls = Call.objects.filter(pk__gt=newest).only("pk", "started_at", "business_id").iterator()
    versions = dict(
        PromptVersion.objects.filter(prompt__business__in=businesses, number=2).values_list(
            "prompt__business", "pk"
        )
    )
    add(turn for call in calls for turn in _turns(call, versions[call.business_id]))
    for business in businesses:
        _add_tags(business)


def _add_tags(business: Business) -> None:
    """Every tenth call is marked with one of the business's five tags."""
    words = ("Complaint", "Call back", "New customer", "Price", "Thanks")
    tags = [Tag(business=business, word=word, key=tag_key(word)) for word in words]
    add(tags)
    known = list(Tag.objects.filter(business=business))
    calls = Call.objects.filter(business=business).values_list("pk", flat=True)[::10]
    add(
        CallTag(call_id=pk, tag=known[at % len(known)], actor_name="support", made_at=NOW)
        for at, pk in enumerate(calls)
    )


def _call(business: Business, number: int, chance: random.Random) -> Call:
    started = NOW - timedelta(seconds=chance.randrange(3 * 365 * 24 * 3600))
    seconds = chance.randrange(5, 600)
    return Call(
        sid=f"CA{number:032x}", business=business, direction=Direction.INBOUND.value,
        from_number=f"+1500{chance.randrange(10**7):07d}", to_number="+15005550101",
        status=CallStatus.ENDED, started_at=started, connected_at=started,
        ended_at=started + timedelta(seconds=seconds), duration_seconds=seconds,
        end_reason=EndReason.CALLER_HUNG_UP.value, started_revision=3, version=2,
        fingerprint=sha256(str(number)), settings={"voice": "marin"},
    )  # fmt: skip


def _turns(call: Call, version_id: int) -> Iterator[Turn]:
    words = (Speaker.AGENT, "Hello, how can I help?"), (Speaker.CALLER, "Are you open on Sunday?")
    for position, (speaker, text) in enumerate(words):
        yield Turn(
            call=call, position=position, speaker=speaker, text=text, heard=text,
            started_at=call.started_at, status="completed", version=2, revision=3,
            prompt_version_id=version_id if speaker is Speaker.AGENT else None,
            known_by=KnownBy.METADATA if speaker is Speaker.AGENT else "",
        )  # fmt: skip


def add(rows: Iterable[Model]) -> None:
    """Write rows of one kind, some hundreds in a statement."""
    waiting: list[Model] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            _write(waiting)
    if waiting:
        _write(waiting)


def _write(rows: list[Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)
    rows.clear()


if __name__ == "__main__":
    fill(Size())
