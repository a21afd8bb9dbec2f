"""What an audit entry says of a change, and the chain that makes a later edit show."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .text import sha256

Values = Mapping[str, object]
FIRST = ""  # the previous hash of a chain's first entry


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a chain: its number, what it says, and its place after the one before."""

    number: int
    content: str
    previous_hash: str
    hash: str


def differences(before: Values, after: Values) -> tuple[dict[str, object], dict[str, object]]:
    """Only the values that changed: as they were, and as they are."""
    changed = [
        name
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name) or (name in before) != (name in after)
    ]
    return (
        {name: before[name] for name in changed if name in before},
        {name: after[name] for name in changed if name in after},
    )


def canonical_json(value: object) -> str:
    """The one spelling of a value: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_hash(content: str, previous_hash: str) -> str:
    """The hash of an entry, which covers everything before it."""
    return sha256(f"{previous_hash}\n{content}")


def find_fault(links: Iterable[Link], *, count: int, head: str) -> str | None:
    """One sentence about the first broken place of a chain, or None when it is whole."""
    previous, number = FIRST, 0
    for number, link in enumerate(links, start=1):
        if link.number != number:
            return f"Entry {number} is missing or out of order."
        if link.previous_hash != previous:
            return f"Entry {number} does not follow the entry before it."
        if link.hash != link_hash(link.content, previous):
            return f"Entry {number} was altered after it was written."
        previous = link.hash
    if (number, previous) != (count, head):
        return f"The chain ends at entry {number}, but {count} entries were written."
    return None
