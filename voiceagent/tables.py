"""Whether the database has the tables that this version of the code expects."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from voiceagent.remedies import manage

DEMO = settings.BASE_DIR / "var" / "demo.sqlite3"


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
        return (
            f"The database is not migrated yet; {manage('doctor')} says what to do.{of_the_demo()}"
        )
    return ""


def of_the_demo() -> str:
    """Where the demo's data is, for whoever asks our other database for it; with a space before."""
    is_asked = Path(str(connection.settings_dict["NAME"])).resolve() == DEMO
    if is_asked or not DEMO.exists():
        return ""
    return " The demo has a database of its own: DATABASE_URL=sqlite:///var/demo.sqlite3."
