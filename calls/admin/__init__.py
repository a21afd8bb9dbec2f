"""The calls in the admin: to read, never to change."""

from . import calls, live, refusals

__all__ = ["calls", "live", "refusals"]
