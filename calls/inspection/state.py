"""What the database, the cache and each live call hold of a business's prompt."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from calls.models import Call
from calls.models.choices import CallStatus
from calls.overview import LiveCall, live_calls
from calls.proof.texts import ExactText, exact_texts
from prompts import cache
from prompts.domain.kinds import Direction, Layer
from prompts.domain.layers import Started, Wording, joined, share
from prompts.domain.text import sha256
from prompts.domain.unspeakable import Unspeakable
from prompts.models import Business, Release
from prompts.selectors import newest_releases, read_wording

State = dict[str, Any]  # Any: JSON


def prompt_state(business_id: int, now: datetime) -> State:
    """Both directions, and whether all agree; raises `Business.DoesNotExist`."""
    business = Business.objects.get(pk=business_id)
    releases = newest_releases(business)
    calls = live_calls(now, business_id)
    directions = {
        direction.value: _direction(business_id, direction, releases[direction], calls, now)
        for direction in Direction
    }
    return {
        "business": business_id,
        "revision": business.revision,
        "agrees": all(one["agrees"] for one in directions.values()),
        "directions": directions,
    }


def _direction(
    business_id: int,
    direction: Direction,
    release: Release | None,
    calls: Sequence[LiveCall],
    now: datetime,
) -> State:
    cached = cache.peek(business_id, direction)  # before anything could warm it
    wording = read_wording(business_id, direction)
    database = _wording(wording) | {"age": _age(release.created_at if release else None, now)}
    here = [one for one in calls if one.call.direction == direction.value]
    texts = exact_texts({one.fingerprint for one in here})
    held = [_call(one, wording, texts, now) for one in here]
    kept = None
    if cached is not None:
        kept = _wording(cached.wording) | {"age": round(max(time.time() - cached.stored_at, 0), 1)}
    # An older entry with the same words is no difference; with others it is, though a reader
    # that asks for the database's revision passes it over.
    agrees = kept is None or kept["words"] == database["words"]
    return {
        "agrees": agrees and all(one["agrees"] for one in held),
        "database": database,
        "cache": kept,
        "calls": held,
    }


def _wording(wording: Wording) -> State:
    try:
        shared = share(wording)
    except Unspeakable as error:
        return {"revision": wording.revision, "version": None, "words": "", "fault": str(error)}
    return {
        "revision": wording.revision,
        "version": shared.business.number,
        "words": shared.words,
        "fault": "",
    }


def _call(one: LiveCall, wording: Wording, texts: Mapping[str, ExactText], now: datetime) -> State:
    waits = one.call.status == CallStatus.RECEIVED  # it will read the newest words as it begins
    receipt = one.receipt
    since = (receipt.acknowledged_at or receipt.received_at) if receipt else one.call.started_at
    words, due = _words_of(texts.get(one.fingerprint)), _words_due(one.call, wording)
    # Where its text is not stored yet, or no other is due, the revision alone tells.
    is_other = bool(words and due) and words != due
    return {
        "id": one.call.sid,
        "revision": one.revision,
        "version": one.version,
        "words": words,
        "fingerprint": one.fingerprint,
        "held": one.held,
        "last": receipt.result if receipt else "",
        "age": _age(since, now),
        "agrees": waits or ((one.revision or 0) >= wording.revision and not is_other),
    }


def _words_of(text: ExactText | None) -> str:
    """The name of the layers that a call shares with others, from its stored text."""
    pieces = text.pieces if text else ()
    shared = [piece.text for piece in pieces if piece.layer not in ("", Layer.CONTEXT)]
    known = [one for one in shared if one is not None]
    return sha256(joined(known)) if shared and len(known) == len(shared) else ""


def _words_due(call: Call, wording: Wording) -> str:
    """The same as the database has it for a call that began when this one did."""
    if call.started_revision is None or call.started_platform_revision is None:
        return ""
    try:
        return share(wording, Started(call.started_revision, call.started_platform_revision)).words
    except Unspeakable:  # such a call keeps the words that it has
        return ""


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round(max((now - since).total_seconds(), 0), 1)
