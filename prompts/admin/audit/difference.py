"""What one entry changed: value by value, and the words themselves where it moved a prompt."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from prompts.admin.values import NOTHING, value_name, value_words
from prompts.domain.difference import Block, compare, fold
from prompts.models import AuditEntry, PromptVersion

LONG = 60  # characters; from here on two texts are compared word by word


@dataclass(frozen=True, slots=True)
class Row:
    """One value as it was and as it is; long texts are compared in ``blocks`` instead."""

    name: str
    before: str
    after: str
    blocks: tuple[Block, ...] = ()


def changes_of(entry: AuditEntry) -> list[Row]:
    """Every value that changed, and the two texts of a prompt at the end."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    rows = [
        _row(entry.object_type, name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
    ]
    return [*rows, *_texts(entry, before, after)]


def _row(object_type: str, name: str, before: object, after: object) -> Row:
    title = value_name(object_type, name)
    was, now = (value_words(object_type, name, one) for one in (before, after))
    is_text = isinstance(before or after, str | dict)
    if is_text and (len(was) > LONG or len(now) > LONG or "\n" in was + now) and not _is_hash(now):
        return _compared(title, "" if was == NOTHING else was, "" if now == NOTHING else now)
    return Row(title, was[:12] if _is_hash(was) else was, now[:12] if _is_hash(now) else now)


def _compared(name: str, before: str, after: str) -> Row:
    return Row(name, before, after, fold(compare(before, after)))


def _is_hash(value: str) -> bool:
    return len(value) == 64 and " " not in value


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
            yield _compared(name, old, new)
