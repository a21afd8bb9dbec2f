"""Bringing the prompts of an older system here, and saying what that leaves unanswered."""

from .run import import_prompts

__all__ = ["import_prompts"]
