"""Which erasures the audit knows: a text that is gone by another way is a fault."""

from collections import defaultdict
from datetime import datetime, timedelta

from prompts.models import AuditEntry

# The texts go in the transaction that writes the entry, a moment before it.
WITHIN = timedelta(minutes=1)


class Erasures:
    """When each person had a caller forgotten."""

    def __init__(self) -> None:
        self._times: defaultdict[str, list[datetime]] = defaultdict(list)
        entries = AuditEntry.objects.filter(action="profile.erased")
        for name, at in entries.values_list("actor_name", "at"):
            self._times[name].append(at)

    def are_told_of(self, erased_by: str, at: datetime) -> bool:
        """Whether an entry says that this person erased something then."""
        return any(abs(told - at) <= WITHIN for told in self._times.get(erased_by, ()))
