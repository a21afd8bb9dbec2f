"""Lets the tests' flush empty tables whose rows the database would not give up."""

from typing import Any

from django.test import TransactionTestCase

from prompts import triggers

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook


def flush_without_triggers(case: Any) -> None:
    """Empty the tables as Django does; post_migrate then settles the triggers and shipped rows."""
    with triggers.removed():
        _flush(case)


TransactionTestCase._fixture_teardown = flush_without_triggers  # type: ignore[attr-defined]
