"""Rules of the database itself: history stays as it was written, whoever holds the pen.

An application declares its rules with `register`; after every `migrate` they are installed anew,
because SQLite drops the triggers of a table that it rebuilds.
"""

from dataclasses import dataclass

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Trigger:
    """Refuses ``operation`` on rows of ``table`` where ``when`` (SQL over NEW and OLD) is true.

    ``operation`` is INSERT, DELETE, UPDATE or UPDATE OF and columns. TRUNCATE, which knows no
    rows, exists on PostgreSQL only. A trigger that reads other tables says so: on SQLite it has
    to step aside while one of them is rebuilt.
    """

    name: str
    table: str
    operation: str
    message: str
    when: str = ""
    reads_others: bool = False
    vendor: str = ""  # "" is every database


_registered: dict[str, Trigger] = {}


def register(*triggers: Trigger) -> None:
    """Add triggers that every `install` puts in place."""
    _registered.update({trigger.name: trigger for trigger in triggers})


def append_only(table: str, *keys: tuple[str, ...]) -> tuple[Trigger, ...]:
    """The triggers of a table whose rows are written once; ``keys`` are its unique columns."""
    message = f"Rows of {table} are written once: add a new one."
    return (
        Trigger(f"{table}_no_update", table, "UPDATE", message),
        Trigger(f"{table}_no_delete", table, "DELETE", message),
        Trigger(f"{table}_no_truncate", table, "TRUNCATE", message, vendor="postgresql"),
        never_replaced(table, *keys, message=message),
    )


def never_replaced(table: str, *keys: tuple[str, ...], message: str = "") -> Trigger:
    """Against INSERT OR REPLACE, which deletes on SQLite without firing a trigger for it."""
    taken = " OR ".join(
        "(" + " AND ".join(f"{column} IS NEW.{column}" for column in key) + ")"
        for key in (("id",), *keys)
    )
    return Trigger(
        f"{table}_no_replace",
        table,
        "INSERT",
        message or f"Rows of {table} are never replaced.",
        when=f"EXISTS (SELECT 1 FROM {table} WHERE {taken})",  # noqa: S608  # our own names
        vendor="sqlite",
    )


def immutable(table: str, column: str) -> Trigger:
    """The trigger of one column that keeps its first value."""
    return Trigger(
        f"{table}_{column}_stays",
        table,
        f"UPDATE OF {column}",
        f"{table}.{column} never changes.",
        when=f"NEW.{column} IS DISTINCT FROM OLD.{column}",
    )


def install(alias: str = "default") -> None:
    """Put every registered trigger in place whose table exists; safe to repeat."""
    connection = connections[alias]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for trigger in _registered_for(connection):
            if trigger.table in tables:
                for statement in (*_drop(trigger, connection), *_create(trigger, connection)):
                    cursor.execute(statement)


def remove(alias: str = "default", *, only_reading_others: bool = False) -> None:
    """Take the triggers away: for the tests' flush, and around a migration on SQLite."""
    connection = connections[alias]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for trigger in _registered_for(connection):
            if trigger.table in tables and (trigger.reads_others or not only_reading_others):
                for statement in _drop(trigger, connection):
                    cursor.execute(statement)


def missing(alias: str = "default") -> list[str]:
    """The names of registered triggers that the database does not have."""
    connection = connections[alias]
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        present = {row[0] for row in cursor.fetchall()}
    return [trigger.name for trigger in _registered_for(connection) if trigger.name not in present]


def _registered_for(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that this kind of database can have."""
    kinds = ("", connection.vendor)
    return [trigger for trigger in _registered.values() if trigger.vendor in kinds]


def _drop(trigger: Trigger, connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The statements that take one trigger away."""
    if connection.vendor == "sqlite":
        return (f"DROP TRIGGER IF EXISTS {trigger.name}",)
    return (f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}",)


def _create(trigger: Trigger, connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The statements that put one trigger in place."""
    if connection.vendor == "sqlite":
        return (_sqlite(trigger),)
    return _postgres(trigger)


def _sqlite(trigger: Trigger) -> str:
    """SQLite's words; before 3.39 it knows IS DISTINCT FROM only as IS NOT."""
    when = trigger.when.replace("IS DISTINCT FROM", "IS NOT")
    return (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.operation} ON {trigger.table} FOR EACH ROW "
        f"{f'WHEN {when} ' if when else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
    )


def _postgres(trigger: Trigger) -> tuple[str, str]:
    """PostgreSQL's words: a function, since its WHEN takes no subquery, and the trigger."""
    refuse = f"RAISE EXCEPTION '{trigger.message}' USING ERRCODE = 'restrict_violation';"
    body = f"IF {trigger.when} THEN {refuse} END IF;" if trigger.when else refuse
    row = "OLD" if trigger.operation == "DELETE" else "NEW"
    each = "STATEMENT" if trigger.operation == "TRUNCATE" else "ROW"
    return (
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {body} RETURN {'NULL' if each == 'STATEMENT' else row}; END $$",
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.operation} ON {trigger.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {trigger.name}()",
    )
