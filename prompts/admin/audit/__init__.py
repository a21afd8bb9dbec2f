"""The audit: who changed what and why, and who looked at what is known of callers."""

from . import entries, reads

__all__ = ["entries", "reads"]
