"""What one entry changed: value by value, and the words themselves where it moved a prompt."""

import json
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from prompts.admin.differences import Row, compared, difference
from prompts.models import AuditEntry, PromptVersion


def changes_of(entry: AuditEntry) -> list[Row]:
    """Every value that changed, and the two texts of a prompt at the end."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    return [*difference(entry.object_type, before, after), *_texts(entry, before, after)]


def _texts(
    entry: AuditEntry, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Row]:
    """The words that were live, against those that are."""
    if entry.object_type != "prompt" or after.get("version") is None:
        return
    numbers = [one.get("version") for one in (before, after)]
    versions = PromptVersion.objects.filter(prompt=int(entry.object_id))
    found: dict[object, PromptVersion] = {
        one.number: one for one in versions.filter(number__in=filter(None, numbers))
    }
    was, now = map(found.get, numbers)
    for name, field in ((_("First sentence"), "greeting"), (_("Prompt"), "text")):
        old, new = getattr(was, field, ""), getattr(now, field, "")
        if old != new:
            yield compared(field, name, old, new)
