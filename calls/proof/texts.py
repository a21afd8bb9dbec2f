"""From a fingerprint to the exact text that it names, layer by layer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from calls.models import ComposedText, ContextText, StoredText
from prompts.domain.kinds import Layer
from prompts.domain.text import sha256


@dataclass(frozen=True, slots=True)
class Piece:
    """One layer of a text; ``text`` is None where it was erased or is not there."""

    layer: str  # "" for the instructions of one answer, which have no layers
    sha256: str
    text: str | None
    erased_at: datetime | None = None
    erased_by: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the text is there and has its hash."""
        return self.text is not None and sha256(self.text) == self.sha256

    @property
    def fault(self) -> str:
        """A sentence where the layer is not what its hash says; an erased one is no fault."""
        if self.is_whole or self.erased_at:
            return ""
        what = "is missing" if self.text is None else "was altered"
        words = f"The {self.layer.replace('_', ' ')} layer {self.sha256[:12]} {what}."
        return " ".join(words.split())


@dataclass(frozen=True, slots=True)
class ExactText:
    """A text as it was sent, by its layers."""

    fingerprint: str
    pieces: tuple[Piece, ...]
    joint: str = ""

    @property
    def text(self) -> str | None:
        """The exact text; None when a layer of it is gone."""
        texts = [piece.text for piece in self.pieces if piece.text is not None]
        return self.joint.join(texts) if len(texts) == len(self.pieces) else None

    @property
    def erased(self) -> str:
        """When and by whom the context was erased, as words in a sentence, or nothing."""
        for piece in self.pieces:
            if piece.erased_at:
                return f"erased on {piece.erased_at:%Y-%m-%d}, by {piece.erased_by}"
        return ""

    @property
    def fault(self) -> str:
        """A sentence about the first thing wrong with it, or nothing."""
        text = self.text
        if text is not None and sha256(text) == self.fingerprint:
            return ""
        for piece in self.pieces:
            if piece.fault:
                return piece.fault
        return "" if self.erased else "Its layers do not make up the text that was sent."


def exact_text(fingerprint: str) -> ExactText | None:
    """The text of a fingerprint, or None when no such text was ever sent."""
    return exact_texts([fingerprint]).get(fingerprint)


def exact_texts(fingerprints: Collection[str]) -> dict[str, ExactText]:
    """Many at once, in four queries at most."""
    composed = ComposedText.objects.in_bulk(list(fingerprints))
    found = rebuild(composed.values())
    others = [name for name in fingerprints if name not in composed]
    for own in StoredText.objects.filter(pk__in=others):
        found[own.sha256] = ExactText(own.sha256, (Piece("", own.sha256, own.text),))
    return found


def rebuild(rows: Iterable[ComposedText]) -> dict[str, ExactText]:
    """The texts of these rows with all their layers."""
    layers = [(row, _pairs(row.layers)) for row in rows]
    named = {pair for _row, pairs in layers for pair in pairs}
    contexts = {name for layer, name in named if layer == Layer.CONTEXT}
    others = {name for layer, name in named if layer != Layer.CONTEXT}
    stored = StoredText.objects.in_bulk(list(others))
    context = ContextText.objects.in_bulk(list(contexts))
    return {
        row.fingerprint: ExactText(
            row.fingerprint,
            tuple(_piece(layer, name, stored, context) for layer, name in pairs),
            row.joint,
        )
        for row, pairs in layers
    }


def _pairs(layers: Any) -> list[tuple[str, str]]:
    """The layers by name and hash; whatever else stands there is a layer that does not."""
    try:
        return [(str(layer), str(name)) for layer, name in layers]
    except (TypeError, ValueError):
        return [("", "")]


def _piece(
    layer: str, name: str, stored: Mapping[str, StoredText], context: Mapping[str, ContextText]
) -> Piece:
    if layer != Layer.CONTEXT:
        return Piece(layer, name, stored[name].text if name in stored else None)
    row = context.get(name)
    if row is None:
        return Piece(layer, name, None)
    text = None if row.erased_at else row.text
    return Piece(layer, name, text, row.erased_at, row.erased_by)
