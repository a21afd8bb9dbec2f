"""The rules that the database keeps for the tables of this application."""

from .triggers import Trigger, append_only, immutable, never_replaced, register

NEWEST_RELEASE = (
    "(SELECT to_version_id FROM prompts_release WHERE prompt_id = NEW.id ORDER BY id DESC LIMIT 1)"
)
FOREIGN_VERSION = (
    "(SELECT prompt_id FROM prompts_promptversion WHERE id = NEW.to_version_id)"
    " IS DISTINCT FROM NEW.prompt_id"
)


def never_falls(table: str, column: str) -> Trigger:
    """A counter that only rises."""
    return Trigger(
        f"{table}_{column}_rises",
        table,
        f"UPDATE OF {column}",
        f"{table}.{column} never falls.",
        when=f"NEW.{column} < OLD.{column}",
    )


def current_is_released(operation: str) -> Trigger:
    """A slot that points only where its newest release says."""
    verb = operation.split()[0].lower()
    return Trigger(
        f"prompts_prompt_{verb}_needs_release",
        "prompts_prompt",
        operation,
        "The version in force is the one that the newest release names.",
        when=f"NEW.current_id IS DISTINCT FROM {NEWEST_RELEASE}",
        reads_others=True,
    )


def only_emptied(table: str, column: str, is_full: str) -> Trigger:
    """A column that keeps its first value or loses it."""
    return Trigger(
        f"{table}_{column}_only_emptied",
        table,
        f"UPDATE OF {column}",
        f"{table}.{column} can be erased but never rewritten.",
        when=f"NEW.{column} IS DISTINCT FROM OLD.{column} AND {is_full}",
    )


def only_filled(table: str, column: str) -> Trigger:
    """A column that stays empty or gets its one value."""
    return Trigger(
        f"{table}_{column}_only_filled",
        table,
        f"UPDATE OF {column}",
        f"{table}.{column} is written once.",
        when=f"OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}",
    )


def profiles() -> tuple[Trigger, ...]:
    """A caller's profile stays as it was recorded, until all of it is erased."""
    kept = ("profile_id", "revision", "sha256", "actor_id", "actor_name", "made_at")
    return (
        immutable("prompts_callerprofile", "business_id"),
        only_emptied("prompts_callerprofile", "number", "NEW.number IS NOT NULL"),
        *(immutable("prompts_profilerecord", column) for column in kept),
        *(
            only_emptied("prompts_profilerecord", column, f"NEW.{column} <> ''")
            for column in ("content", "salt", "reason")
        ),
        *(
            Trigger(f"{table}_no_delete", table, "DELETE", "A profile is erased, not deleted.")
            for table in ("prompts_callerprofile", "prompts_profilerecord")
        ),
    )


def memberships() -> tuple[Trigger, ...]:
    """A role is given and taken away, never altered, and an owned business stays owned."""
    table, message = "prompts_membership", "A role is given and taken away, never altered."
    other = (
        "SELECT 1 FROM prompts_membership AS other WHERE other.business_id = OLD.business_id"
        " AND other.role = 'owner' AND other.id <> OLD.id"
    )
    return (
        Trigger(f"{table}_no_update", table, "UPDATE", message),
        Trigger(f"{table}_no_truncate", table, "TRUNCATE", message, vendor="postgresql"),
        Trigger(
            f"{table}_keeps_an_owner",
            table,
            "DELETE",
            "A business that has an owner keeps one.",
            when=f"OLD.role = 'owner' AND NOT EXISTS ({other})",
        ),
    )


def tokens() -> tuple[Trigger, ...]:
    """A token stays what it was made as; once revoked it stays revoked."""
    table = "prompts_apitoken"
    kept = (
        *("name", "prefix", "sha256", "business_id", "reads", "publishes", "refreshes"),
        *("created_at", "created_by_id", "created_by_name", "expires_at"),
    )
    return (
        *(immutable(table, column) for column in kept),
        only_filled(table, "revoked_at"),
        Trigger(f"{table}_no_delete", table, "DELETE", "A token is revoked, not deleted."),
    )


def fallbacks() -> tuple[Trigger, ...]:
    """Nobody is put through to a number that an agent answers."""
    message = "A fallback number is a number that no agent answers."
    settings, numbers = "prompts_businesssettings", "prompts_phonenumber"
    answered = f"EXISTS (SELECT 1 FROM {numbers} WHERE number = NEW.fallback_number)"  # noqa: S608
    fallen_back = f"EXISTS (SELECT 1 FROM {settings} WHERE fallback_number = NEW.number)"  # noqa: S608
    changed = "NEW.{0} IS DISTINCT FROM OLD.{0} AND ".format
    return tuple(
        Trigger(f"{table}_{verb}_no_loop", table, operation, message, when, reads_others=True)
        for table, verb, operation, when in (
            (settings, "insert", "INSERT", answered),
            (
                settings,
                "update",
                "UPDATE OF fallback_number",
                changed("fallback_number") + answered,
            ),
            (numbers, "insert", "INSERT", fallen_back),
            (numbers, "update", "UPDATE OF number", changed("number") + fallen_back),
        )
    )


def register_all() -> None:
    """Declare every rule; `prompts.triggers` installs them after each migrate."""
    register(
        *append_only("prompts_promptversion", ("prompt_id", "number")),
        *append_only("prompts_release", ("prompt_id", "revision")),
        *append_only("prompts_revision", ("business_id", "number")),
        *append_only("prompts_auditentry", ("business_id", "number")),
        *append_only("prompts_readentry", ("number",)),
        *append_only("prompts_importedrecord", ("business_id", "sha256")),
        current_is_released("INSERT"),
        current_is_released("UPDATE OF current_id"),
        Trigger(
            "prompts_release_within_slot",
            "prompts_release",
            "INSERT",
            "A release names a version of its own slot.",
            when=FOREIGN_VERSION,
            reads_others=True,
        ),
        *(
            immutable("prompts_prompt", column)
            for column in ("layer", "business_id", "direction", "channel")
        ),
        *(
            never_falls(table, column)
            for table in ("prompts_business", "prompts_platform")
            for column in ("revision", "audit_count")
        ),
        *(
            never_replaced(f"prompts_{table}")
            for table in ("business", "platform", "readhead", "profilerecord")
        ),
        never_replaced("prompts_prompt", ("layer", "business_id", "direction", "channel")),
        never_replaced("prompts_callerprofile", ("business_id", "number")),
        never_replaced("prompts_membership", ("user_id", "business_id", "role")),
        never_replaced("prompts_apitoken", ("sha256",)),
        never_falls("prompts_business", "platform_revision"),
        never_falls("prompts_readhead", "count"),
        *profiles(),
        *memberships(),
        *tokens(),
        *fallbacks(),
    )
