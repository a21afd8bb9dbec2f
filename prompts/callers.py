"""Reading what a business knows of its callers, and proving what it knew."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from prompts.domain.profile import record_hash
from prompts.models import AuditEntry, Business, CallerProfile, ProfileRecord
from prompts.sentences import Sentence


def read_profiles(business_id: int, numbers: Collection[str], revision: int) -> dict[str, str]:
    """What was known of these callers as of one revision, as stored, by number; in one query.

    Records are never altered and each carries its revision, so a change after that one is not
    seen, on any database and at any isolation level. Only an erasure shows at once. A number of
    which nothing is known is left out.
    """
    if not numbers:
        return {}
    newest = (
        ProfileRecord.objects.filter(profile=OuterRef("profile"), revision__lte=revision)
        .order_by("-revision")
        .values("revision")[:1]
    )
    rows = ProfileRecord.objects.filter(
        profile__business=business_id, profile__number__in=numbers, revision=Subquery(newest)
    )
    found = rows.values_list("profile__number", "content")
    return {number: content for number, content in found if number}


def profile_of(business: Business, number: str) -> ProfileRecord | None:
    """The record in force for a number."""
    records = ProfileRecord.objects.filter(profile__business=business, profile__number=number)
    return records.order_by("-revision").first()


class Proof(StrEnum):
    """What a record proves of the audit entry that names it."""

    WHOLE = "whole"
    ERASED = "erased"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of the record that one audit entry names."""

    entry: int
    proof: Proof
    sentence: str


def verify_profiles(business: Business) -> Iterator[Finding]:
    """Look for the record behind each entry about a caller's profile, in their order."""
    entries = AuditEntry.objects.filter(business=business, action="profile.changed")
    records = ProfileRecord.objects.filter(profile__business=business).select_related("profile")
    by_name = {(str(one.profile_id), one.sha256): one for one in records}
    for entry in entries.order_by("number"):
        name = (entry.object_id, json.loads(entry.after)["sha256"])
        yield _judge(entry, by_name.get(name))


def _judge(entry: AuditEntry, record: ProfileRecord | None) -> Finding:
    """Whether the record still says what the entry names, or was erased as it may be."""
    if record is None:
        return Finding(entry.number, Proof.BROKEN, _("The record of this change is missing."))
    if record.profile.erased_at is not None:
        return Finding(entry.number, Proof.ERASED, _erased(record.profile))
    recomputed = record_hash(
        salt=record.salt,
        number=record.profile.number or "",
        content=record.content,
        reason=record.reason,
    )
    if recomputed != record.sha256:
        broken = _("The record of this change was altered after it was written.")
        return Finding(entry.number, Proof.BROKEN, broken)
    return Finding(entry.number, Proof.WHOLE, "")


def _erased(profile: CallerProfile) -> str:
    """Who erased it, and when."""
    day = timezone.localtime(profile.erased_at)
    return Sentence.of(
        _("Erased on %(day)s by %(name)s."),
        day=formats.date_format(day, "DATETIME_FORMAT"),
        name=profile.erased_by,
    )
