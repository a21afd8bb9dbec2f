"""What differs between two states of a business's settings, kind by kind, and for which calls."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from prompts.admin.differences import Row, difference
from prompts.domain.reach import Reach, reach_of
from prompts.models import AuditEntry
from prompts.past import KINDS, State

# The kinds of rows by the names that addresses give them.
NAMES = dict(zip(("settings", "hours", "details", "numbers"), KINDS, strict=True))
TITLES = {
    "settings": _("Settings"),
    "hours": _("Opening hours"),
    "details": _("Details"),
    "numbers": _("Phone numbers"),
}
WHO_GETS_IT = {
    Reach.CONFIRMED: _("Calls in progress too"),
    Reach.AT_ONCE: _("Calls in progress too"),
    Reach.NEXT_CALL: _("New calls only"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """What differs in rows of one kind."""

    name: str
    title: str
    rows: Sequence[Row]


def compared(old: State, new: State) -> list[Group]:
    """The kinds that differ, in the order of their pages."""
    return [
        Group(name, str(TITLES[name]), rows)
        for name, kind in NAMES.items()
        if (rows := difference(kind, old[kind], new[kind]))
    ]


def rows_of(entry: AuditEntry) -> list[Row]:
    """What one entry changed."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    return difference(entry.object_type, before, after)


def reached(entry: AuditEntry) -> list[Row]:
    """The same, with the calls that got each value; of a business that was added there are none."""
    rows = rows_of(entry)
    if entry.action == "business.created":
        return rows
    return [replace(row, who=str(WHO_GETS_IT[reach_of(row.field)])) for row in rows]
