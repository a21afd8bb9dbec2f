"""Calls as support reads them: find one, read it with its exact words, keep it, write a note."""

from .entry import CallAdmin

__all__ = ["CallAdmin"]
