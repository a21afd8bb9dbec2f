"""Texts that are not what they were, and the calls that stood under them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from calls.domain.audit import Finding

NAMED = 3  # calls under each text


@dataclass(slots=True)
class Stain:
    """One such text: the sentence about it, and how many calls had to do with it."""

    sentence: str
    calls: int = 0
    some: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.calls:
            return self.sentence
        more = self.calls - len(self.some)
        others = f" and {more} more" if more else ""
        return f"{self.sentence} Calls under it: {', '.join(self.some)}{others}."


class Stains:
    """One sentence for each text, however many calls stood under it."""

    def __init__(self) -> None:
        self._found: dict[str, Stain] = {}

    def add(self, name: str, sentence: str) -> None:
        """A text is not what its name says."""
        self._found.setdefault(name, Stain(sentence))

    def meet(self, sid: str, finding: Finding) -> None:
        """A call names texts; most of the time none is stained."""
        for name in self._found.keys() & finding.texts if self._found else ():
            stain = self._found[name]
            stain.calls += 1
            if len(stain.some) < NAMED:
                stain.some.append(sid)

    def sentences(self) -> Iterable[str]:
        """All of them, once all calls were met."""
        return map(str, self._found.values())
