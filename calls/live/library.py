"""Which texts were handed to the writer already, so that each is written about once."""

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

from django.db.models import Model

from calls.domain.records import TextRecord
from calls.live.writer import Rows
from calls.models import ComposedText, ContextText, StoredText
from prompts.domain.kinds import Layer
from prompts.domain.layers import Part
from prompts.domain.profile import tells_of_somebody

KEPT = 20_000  # hashes; forgetting them only means to write some rows a second time


class Library:
    """Hands over the rows of a text that this process has not handed over before."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def keep(self, text: TextRecord, put: Callable[[Rows], bool]) -> None:
        """See to it that a text can be rebuilt from its fingerprint."""
        if text.fingerprint in self._known:
            return
        if len(self._known) > KEPT:
            self._known.clear()
        new = [part for part in text.parts if part.sha256 not in self._known]
        if put(Rows(lambda: _rows(text, new))):
            self._known.update((text.fingerprint, *(part.sha256 for part in new)))


def _rows(text: TextRecord, new: list[Part]) -> list[Model]:
    """The layers that are new, then the list of all."""
    if not text.parts:
        return [StoredText(sha256=text.fingerprint, text=text.text)]
    layers = [[part.layer.value, part.sha256] for part in text.parts]
    composed = ComposedText(fingerprint=text.fingerprint, layers=layers)
    return [*(_layer_row(part, text) for part in new), composed]


def _layer_row(part: Part, whole: TextRecord) -> Model:
    if part.layer is not Layer.CONTEXT:
        return StoredText(sha256=part.sha256, text=part.text)
    # What came back instead of ours may say of the caller what we had said, in other words.
    is_foreign = part.sha256 == whole.fingerprint
    is_personal = is_foreign or tells_of_somebody(part.text)
    return ContextText(sha256=part.sha256, text=part.text, is_personal=is_personal)


_libraries: WeakKeyDictionary[asyncio.AbstractEventLoop, Library] = WeakKeyDictionary()


def library() -> Library:
    """The library of the running event loop, beside its writer."""
    loop = asyncio.get_running_loop()
    if loop not in _libraries:
        _libraries[loop] = Library()
    return _libraries[loop]
