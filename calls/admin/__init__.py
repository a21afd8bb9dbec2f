"""The calls in the admin: to read, never to change."""

from . import calls, refusals

__all__ = ["calls", "refusals"]
