"""The texts that were sent on one socket, so that an echo finds the one that it shows."""

import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256

from msgspec import Struct

from calls.domain.configuration import Configuration

KEPT = 16  # an echo older than that many texts would be a stranger


class Found(Struct, frozen=True):
    """What an echo shows: its own hash, and the fingerprint of our text that it is, if any."""

    received: str
    fingerprint: str
    normalised: bool = False


@dataclass(slots=True)
class SentTexts:
    """The newest texts of one socket with the configuration that each was sent for."""

    _configurations: OrderedDict[str, Configuration] = field(default_factory=OrderedDict)

    def remember(self, configuration: Configuration) -> None:
        """A text leaves for the model's side."""
        fingerprint = configuration.instructions.fingerprint
        self._configurations[fingerprint] = configuration
        self._configurations.move_to_end(fingerprint)
        if len(self._configurations) > KEPT:
            self._configurations.popitem(last=False)

    def configuration(self, fingerprint: str) -> Configuration | None:
        """For which revision a text was sent last."""
        return self._configurations.get(fingerprint)

    def find(self, text: str) -> Found:
        """Look for a text exactly, then in its canonical form; an unknown one is a stranger."""
        received = self._hash_of(text)
        if received in self._configurations:
            return Found(received, received)
        plain = canonical(text)
        for fingerprint, configuration in reversed(self._configurations.items()):
            if canonical(configuration.instructions.text) == plain:
                return Found(received, fingerprint, normalised=True)
        return Found(received, "")

    def _hash_of(self, text: str) -> str:
        """The newest text is what comes back nearly always, and its hash is known."""
        newest = next(reversed(self._configurations.values()), None)
        if newest is not None and newest.instructions.text == text:
            return newest.instructions.fingerprint
        return sha256(text.encode()).hexdigest()


def canonical(text: str) -> str:
    """The text as an echo may lawfully differ from it: form of letters, line ends, edges."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
