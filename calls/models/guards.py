"""The rules that the database keeps for the tables of this application."""

from prompts.triggers import immutable, register


def register_all() -> None:
    """Declare every rule; `prompts.triggers` installs them after each migrate."""
    register(immutable("calls_call", "direction"))
