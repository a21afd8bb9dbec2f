"""What becomes known of a call while it goes on."""

from datetime import datetime

from calls.domain.beginning import Beginning
from calls.models import Call


def record_beginning(call_id: int, beginning: Beginning) -> None:
    """Keep the version that a call began under and a snapshot of its session's settings."""
    Call.objects.filter(pk=call_id).update(
        version=beginning.version,
        fingerprint=beginning.fingerprint,
        settings=beginning.settings,
        settings_fingerprint=beginning.settings_fingerprint,
    )


def record_first_audio(call_id: int, at: datetime) -> None:
    """Keep when the first sound for the caller left us."""
    Call.objects.filter(pk=call_id, first_audio_at__isnull=True).update(first_audio_at=at)


def record_foreign_text(call_id: int, fingerprint: str) -> None:
    """Keep that a text that is none of ours is in force, or (``""``) that none is any more."""
    Call.objects.filter(pk=call_id).update(foreign_fingerprint=fingerprint)
