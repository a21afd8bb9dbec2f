"""The rules that the database keeps for the tables of this application."""

from prompts.triggers import Trigger, immutable, register

# What was erased may come again with another call; its row then stays as it is.
IS_ERASED = "erased_at IS NOT NULL"
# The one change that a context text may see: its words go, once, with a name and a date.
IS_ERASING = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.erased_by <> ''"
    " AND NEW.text = '' AND NEW.sha256 = OLD.sha256"
)
# And the one that a wording of a note may see, the same way; who wrote it and when stays.
KEPT_OF_NOTES = ("id", "call_id", "number", "edition", "actor_id", "actor_name", "made_at")
IS_ERASING_NOTE = f"({IS_ERASING}) AND NEW.salt = ''" + "".join(
    f" AND NOT (NEW.{column} IS DISTINCT FROM OLD.{column})" for column in KEPT_OF_NOTES
)


def register_all() -> None:
    """Declare every rule; `prompts.triggers` installs them after each migrate."""
    register(
        immutable("calls_call", "direction"),
        *_written_once("calls_storedtext", (("sha256",),), ("text",)),
        *_written_once("calls_composedtext", (("fingerprint",),), ("layers", "joint")),
        *_written_once(
            "calls_eventpage",
            (("id",), ("call_id", "number")),
            ("id", "call_id", "number", "lines", "previous_hash", "hash"),
        ),
        *_written_once(
            "calls_contexttext",
            (("sha256",),),
            ("text",),
            unless=IS_ERASING,
            replaceable=IS_ERASED,
        ),
        *_written_once(
            "calls_note",
            (("id",), ("call_id", "number", "edition")),
            ("id", "call_id", "number", "edition", "text", "sha256", "erased_at"),
            unless=IS_ERASING_NOTE,
        ),
    )


def _written_once(
    table: str,
    keys: tuple[tuple[str, ...], ...],
    content: tuple[str, ...],
    *,
    unless: str = "",
    replaceable: str = "0",
) -> tuple[Trigger, ...]:
    """Rows that are never changed or removed; the same row again is let through, and ignored.

    The writer repeats a batch whose answer was lost, so the insert itself cannot be refused. On
    SQLite an INSERT OR REPLACE deletes without firing a trigger: only other content is a replacing.
    """
    message = f"Rows of {table} are written once: add a new one."
    taken = " OR ".join(
        "(" + " AND ".join(f"{column} IS NEW.{column}" for column in key) + ")" for key in keys
    )
    other = " OR ".join(f"{column} IS NOT NEW.{column}" for column in content)
    here = f"({taken}) AND ({other}) AND NOT ({replaceable})"
    when = f"EXISTS (SELECT 1 FROM {table} WHERE {here})"  # noqa: S608  # our own names
    update = f"NOT ({unless})" if unless else ""
    return (
        Trigger(f"{table}_no_update", table, "UPDATE", message, when=update),
        Trigger(f"{table}_no_delete", table, "DELETE", message),
        Trigger(f"{table}_no_truncate", table, "TRUNCATE", message, vendor="postgresql"),
        Trigger(f"{table}_no_replace", table, "INSERT", message, when=when, vendor="sqlite"),
    )
