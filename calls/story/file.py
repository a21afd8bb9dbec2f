"""A call as one file: its words, their versions and texts, receipts, stamps, log and notes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from calls.models import Call, CallTag, EventPage, Note, Turn
from calls.overview import receipt_as_data
from calls.proof.texts import ExactText, Piece, exact_texts
from calls.story.changes import Change
from calls.story.notes import StaffNote
from calls.story.timeline import Story
from prompts.models import PromptVersion, Release

FORMAT = "voiceagent call, version 1"
ABOUT = (
    "Automatic transcript, may be wrong. Every fingerprint is the sha256 of a text in UTF-8: that "
    "of a session's text covers its layers in their order with its “joint” between them. A line "
    "stood under the text that its fingerprint names; base_fingerprint is the session's text under "
    "an answer that had a text of its own. The log's pages are chained by their hashes. Notes and "
    "tags are what staff wrote of the call."
)


CALL_FIELDS = (
    *("sid", "direction", "from_number", "to_number", "status", "started_at", "connected_at"),
    *("first_audio_at", "ended_at", "duration_seconds", "end_reason", "end_detail"),
    *("started_revision", "started_platform_revision", "version", "fingerprint", "settings"),
)
LINE_FIELDS = (
    *("speaker", "started_at", "text", "heard", "interrupted", "generated_ms", "heard_ms"),
    *("status", "item_id", "response_id"),
)
STAMP_FIELDS = (
    *("fingerprint", "base_fingerprint", "next_fingerprint", "known_by", "revision", "version"),
    "prompt_version_id",
)
VERSION_FIELDS = ("number", "text", "greeting", "note", "author_name", "created_at", "sha256")
RELEASE_FIELDS = ("revision", "kind", "apply", "actor_name", "reason", "created_at")


def call_as_data(story: Story, *, made_at: datetime, made_by: str) -> dict[str, Any]:
    """Everything that is kept of a call, and the texts that its lines and receipts name."""
    versions = _versions(story)
    return {
        "format": FORMAT,
        "about": ABOUT,
        "made_at": made_at,
        "made_by": made_by,
        "call": _call(story.call),
        "lines": [_line(turn) for turn in story.turns],
        "receipts": [receipt_as_data(receipt) for receipt in story.receipts],
        "changes": [_change(change) for change in story.changes.values()],
        "versions": [_version(version) for version in versions],
        "releases": [_release(one) for one in _releases(versions)],
        "texts": {name: _text(text) for name, text in sorted(_texts(story).items())},
        "notes": [_note(note) for note in story.notes],
        "tags": [_tag(mark) for mark in story.tags],
        "log": [_page(page) for page in story.call.pages.order_by("number")],
    }


def _call(call: Call) -> dict[str, Any]:
    business = call.business
    return {
        **{name: getattr(call, name) for name in CALL_FIELDS},
        "end": call.end_sentence,
        "business": business
        and {"id": business.pk, "name": business.name, "time_zone": business.time_zone},
    }


def _line(turn: Turn) -> dict[str, Any]:
    return {
        "line": turn.position,
        **{name: getattr(turn, name) for name in LINE_FIELDS},
        "stamp": {name: getattr(turn, name) for name in STAMP_FIELDS} if turn.fingerprint else None,
        "usage": turn.usage,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "revision": change.revision,
        "cause": change.cause,
        "at": change.at,
        "by": change.actor_name,
        "reason": change.reason,
        "values": [
            {"name": name, "before": before, "after": after}
            for name, before, after in change.values
        ],
    }


def _versions(story: Story) -> list[PromptVersion]:
    """The versions of the business's own words that this call names."""
    named = [turn.prompt_version_id for turn in story.turns]
    named += [receipt.prompt_version_id for receipt in story.receipts]
    names = {name for name in named if name is not None}
    return list(PromptVersion.objects.filter(pk__in=names).order_by("number"))


def _version(version: PromptVersion) -> dict[str, Any]:
    return {"id": version.pk, **{name: getattr(version, name) for name in VERSION_FIELDS}}


def _releases(versions: Iterable[PromptVersion]) -> Iterable[Release]:
    """Every move that put one of these versions in force."""
    moves = Release.objects.filter(to_version__in=list(versions)).order_by("pk")
    return moves.select_related("from_version", "to_version")


def _release(release: Release) -> dict[str, Any]:
    before = release.from_version
    return {
        "version_id": release.to_version_id,
        "version": release.to_version.number,
        "version_before": before.number if before else None,
        **{name: getattr(release, name) for name in RELEASE_FIELDS},
    }


def _texts(story: Story) -> dict[str, ExactText]:
    """Every text that a line or a receipt names, as far as it is stored."""
    names = {name for turn in story.turns for name in (turn.fingerprint, turn.base_fingerprint)}
    names |= {turn.next_fingerprint for turn in story.turns}
    names |= {name for one in story.receipts for name in (one.hash_sent, one.hash_echoed)}
    return exact_texts(names - {""})


def _text(text: ExactText) -> dict[str, Any]:
    return {"joint": text.joint, "layers": [_piece(piece) for piece in text.pieces]}


def _piece(piece: Piece) -> dict[str, Any]:
    """A layer; what was erased says when and by whom."""
    return {
        "layer": piece.layer or "the answer's own",
        "sha256": piece.sha256,
        "text": piece.text,
        "erased_at": piece.erased_at,
        "erased_by": piece.erased_by,
    }


def _page(page: EventPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "lines": page.lines,
        "previous_hash": page.previous_hash,
        "hash": page.hash,
    }


def _note(note: StaffNote) -> dict[str, Any]:
    """A note with all its wordings; what was erased says when and by whom."""
    return {
        "note": note.number,
        "wordings": [_wording(row) for row in note.wordings],
        "erased_at": note.first.erased_at,
        "erased_by": note.first.erased_by,
    }


def _wording(row: Note) -> dict[str, Any]:
    return {
        "text": None if row.erased_at else row.text,
        "by": row.actor_name,
        "at": row.made_at,
    }


def _tag(mark: CallTag) -> dict[str, Any]:
    return {"tag": mark.tag.word, "by": mark.actor_name, "at": mark.made_at}
