"""What becomes known of a call while it goes on."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from calls.models import Call
from prompts.domain.layers import Instructions


def record_opening(call_id: int, instructions: Instructions, session: Mapping[str, Any]) -> None:
    """Keep the version that a call began under and a snapshot of its session's settings.

    ``session`` is the first ``session.update``; its text is named by the fingerprint, not copied.
    """
    snapshot = {key: value for key, value in session.items() if key != "instructions"}
    text = orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)
    Call.objects.filter(pk=call_id).update(
        version=instructions.version,
        fingerprint=instructions.fingerprint,
        settings=snapshot,
        settings_fingerprint=sha256(text).hexdigest(),
    )


def record_first_audio(call_id: int, at: datetime) -> None:
    """Keep when the first sound for the caller left us."""
    Call.objects.filter(pk=call_id, first_audio_at__isnull=True).update(first_audio_at=at)
