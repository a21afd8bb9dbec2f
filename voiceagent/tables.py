"""Whether the database has the tables that this version of the code expects."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from voiceagent.remedies import manage


def count_unapplied() -> int:
    """How many migrations wait; raises DatabaseError when the database does not answer."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def why_unusable(command: str) -> str:
    """A sentence for a command that met a database error; none when the error is its own."""
    try:
        waiting = count_unapplied()
    except DatabaseError:
        return f"The database does not answer; {manage('doctor')} says what to do."
    if waiting and command != "migrate":
        return f"The database is not migrated yet; {manage('doctor')} says what to do."
    return ""
