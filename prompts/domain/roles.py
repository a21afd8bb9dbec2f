"""What a person may do in a business: the roles, and the rights that each of them carries."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What a person is to one business; somebody may have several roles in it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    SUPPORT = "support"
    PUBLISHER = "publisher"
    OWNER = "owner"


class Right(StrEnum):
    """One thing that a role may allow."""

    READ = (
        "read"  # prompts, versions, settings, hours, numbers; which calls go on under which words
    )
    DRAFT = "draft"  # write what is not in force yet
    PUBLISH = "publish"  # publish, take back, restore, pause and resume
    CHANGE_SETTINGS = "change_settings"  # details, settings, hours, numbers
    # calls, transcripts, the inner words of receipts; notes and tags, to write them too
    READ_CALLS = "read_calls"
    CHANGE_NOTES = "change_notes"  # correct and remove what somebody else wrote at a call
    REFRESH = "refresh"  # send the words again to calls in progress
    READ_PROFILES = "read_profiles"
    CHANGE_PROFILES = "change_profiles"
    ERASE_PROFILES = "erase_profiles"
    READ_AUDIT = "read_audit"
    MANAGE_PEOPLE = "manage_people"  # roles of others, and API tokens


_DRAFTS = frozenset({Right.READ, Right.DRAFT})
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.EDITOR: _DRAFTS,
    Role.SUPPORT: frozenset(
        {
            Right.READ,
            Right.READ_CALLS,
            Right.REFRESH,
            Right.READ_PROFILES,
            Right.READ_AUDIT,
        }
    ),
    Role.PUBLISHER: _DRAFTS
    | {
        Right.PUBLISH,
        Right.CHANGE_SETTINGS,
        Right.READ_PROFILES,
        Right.CHANGE_PROFILES,
        Right.READ_AUDIT,
    },
    Role.OWNER: frozenset(Right),
}


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that carry a right, the one that carries least first."""
    return tuple(role for role, rights in RIGHTS.items() if right in rights)


def rights_of(roles: Collection[Role]) -> frozenset[Right]:
    """All that somebody with these roles may do."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
