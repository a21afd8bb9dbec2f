"""A memory of bounded size: what came last is in it, and what came long ago is forgotten."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Recent(Generic[Thing]):
    """A set of the newest ``limit`` things; asking and adding take the same time at any size."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._things: dict[Thing, None] = {}  # in the order in which they came

    def __contains__(self, thing: Thing) -> bool:
        """Whether it came and is still remembered."""
        return thing in self._things

    def add(self, things: Iterable[Thing]) -> None:
        """Remember these, and forget the oldest beyond the limit."""
        for thing in things:
            self._things.pop(thing, None)
            self._things[thing] = None
        for oldest in list(self._things)[: max(0, len(self._things) - self._limit)]:
            del self._things[oldest]

    def forget(self, things: Iterable[Thing]) -> None:
        """As if these had not come."""
        for thing in things:
            self._things.pop(thing, None)
