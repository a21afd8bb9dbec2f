"""Whether the chains are whole: one of changes for each business and the platform, one of reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max, Q

from prompts.callers import Finding, Proof, verify_profiles
from prompts.domain.changes import find_fault
from prompts.domain.kinds import Channel
from prompts.domain.text import sha256
from prompts.models import (
    AuditEntry,
    Business,
    Platform,
    PromptVersion,
    ReadEntry,
    ReadHead,
    Release,
    Revision,
)

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain as its owner's row says it should be, and what is wrong with it."""

    owner: str
    entries: int
    head: str
    fault: str


def check_chains() -> Iterator[Chain]:
    """The platform's chain, then each business's; read in pieces, one chain at a time."""
    for platform in Platform.objects.all():
        yield _check("The platform", Q(business=None), platform)
    for business in Business.objects.order_by("pk").iterator(CHUNK):
        yield _check(f"Business {business.pk}", Q(business=business), business)
    yield _check_reads()


def _check(name: str, own: Q, owner: Business | Platform) -> Chain:
    entries = AuditEntry.objects.filter(own).order_by("number")
    links = (entry.link for entry in entries.iterator(CHUNK))
    fault = find_fault(links, count=owner.audit_count, head=owner.audit_head)
    sentence = f"{name}: the audit chain is broken. {fault}" if fault else ""
    newest = Revision.objects.filter(own).aggregate(newest=Max("number"))["newest"] or 0
    if not fault and owner.revision != newest:
        sentence = f"{name}: the revision is {owner.revision}, and its newest entry is {newest}."
    return Chain(name, owner.audit_count, owner.audit_head, sentence)


def _check_reads() -> Chain:
    """The chain of who looked at callers; nobody has looked where it has no head."""
    name, head = "Reads of callers", ReadHead.objects.first() or ReadHead()
    links = (entry.link for entry in ReadEntry.objects.order_by("number").iterator(CHUNK))
    fault = find_fault(links, count=head.count, head=head.head)
    sentence = f"{name}: the chain is broken. {fault}" if fault else ""
    return Chain(name, head.count, head.head, sentence)


def check_versions() -> Iterator[str]:
    """A sentence for each prompt version, or nothing where its words are those of its release.

    The chain names each released version by its hashes, so a text whose own hash was altered with
    it is found as well.
    """
    released = _released()
    for version in PromptVersion.objects.order_by("pk").iterator(CHUNK):
        text, greeting = sha256(version.text), sha256(version.greeting) if version.greeting else ""
        known = released.get((str(version.prompt_id), version.number), (version.sha256, greeting))
        is_whole = text == version.sha256 and (text, greeting) == known
        yield "" if is_whole else f"Prompt version {version.pk}: its words were altered."


def _released() -> dict[tuple[str, int], tuple[str, str]]:
    """The hashes of text and first sentence that the chains give each version of a slot."""
    entries = AuditEntry.objects.filter(object_type="prompt").order_by("pk")
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for slot, after in entries.values_list("object_id", "after").iterator(CHUNK):
        named = json.loads(after)
        if named.get("version") is not None:
            hashes = named["sha256"], named.get("greeting_sha256", "")
            found.setdefault((slot, named["version"]), hashes)
    return found


def check_releases() -> Iterator[str]:
    """A sentence for each release, or nothing where it says what its entry in the chain says.

    Who put words in force and why is read from it beside every answer. A check of freshness moves a
    slot that no call reads, and its entry names no revision.
    """
    entries = _entries_of_releases()
    heard = Release.objects.exclude(prompt__channel=Channel.TEST.value)
    for one in heard.order_by("pk").select_related("to_version").iterator(CHUNK):
        entry = entries.get((str(one.prompt_id), one.revision))
        is_whole = entry == (one.to_version.number, one.apply, one.actor_name, one.reason)
        yield "" if is_whole else f"Release {one.pk}: it says something else than its audit entry."


def _entries_of_releases() -> dict[tuple[str, int], tuple[int, str, str, str]]:
    """Version, for which calls, who and why, as the chains give them for a slot and a revision."""
    columns = ("object_id", "after", "actor_name", "reason")
    rows = AuditEntry.objects.filter(object_type="prompt").order_by("pk").values_list(*columns)
    found = {}
    for slot, after, actor_name, reason in rows.iterator(CHUNK):
        named = json.loads(after)
        if "revision" in named:
            said = (named["version"], named["apply"], actor_name, reason)
            found[slot, named["revision"]] = said
    return found


def check_profiles() -> Iterator[tuple[str, str]]:
    """For each entry about a caller: what is wrong, and what was erased as it may be."""
    for business in Business.objects.order_by("pk").iterator(CHUNK):
        for finding in verify_profiles(business):
            yield _told(business, finding)


def _told(business: Business, finding: Finding) -> tuple[str, str]:
    sentence = f"Business {business.pk}, entry {finding.entry}: {finding.sentence}"
    broken = sentence if finding.proof is Proof.BROKEN else ""
    return broken, sentence if finding.proof is Proof.ERASED else ""
