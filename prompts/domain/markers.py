"""The fences between the layers of the instructions, which nobody else can write."""

import re
import unicodedata

from .kinds import Layer
from .unspeakable import Unspeakable

ORDER = (Layer.UNIVERSAL, Layer.BUSINESS, Layer.CALL_TYPE, Layer.CONTEXT)
NUMBERS = {layer: number for number, layer in enumerate(ORDER, start=1)}
PRECEDENCE = "when two layers disagree, the one with the lower number wins"
BRACKETS = re.compile(r"<<<|>>>")
LOOK_ALIKES = str.maketrans("\ufe64\uff1c\ufe65\uff1e", "<<>>")  # those that NFKC maps to them


class MarkerError(Unspeakable):
    """A text contains the signs that only the fences between layers may use."""


def has_marker(text: str) -> bool:
    """Whether ``text`` holds a fence's signs, also in look-alike or invisibly split form."""
    plain = text.translate(LOOK_ALIKES)
    if "<" not in plain and ">" not in plain:
        return False
    visible = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return BRACKETS.search(visible) is not None


def find_markers(text: str) -> list[str]:
    """The stretches that are read so, as they stand, with the invisible signs inside them."""
    found: list[str] = []
    stretch, bracket, count = "", "", 0
    for sign in f"{text}\n":
        plain = sign.translate(LOOK_ALIKES)
        if stretch and (plain == bracket or unicodedata.category(sign) == "Cf"):
            stretch, count = stretch + sign, count + (plain == bracket)
            continue
        if count >= 3:
            found.append(stretch)
        stretch, bracket, count = (sign, plain, 1) if plain in ("<", ">") else ("", "", 0)
    return found


def begin(layer: Layer, business_id: int) -> str:
    """The line before a layer; the first one names the order of precedence."""
    rule = f"; {PRECEDENCE}" if layer is ORDER[0] else ""
    return f"<<<BEGIN {_name(layer, business_id)}{rule}>>>"


def end(layer: Layer, business_id: int) -> str:
    """The line after a layer."""
    return f"<<<END {_name(layer, business_id)}>>>"


def fence(layer: Layer, business_id: int, body: str) -> str:
    """The layer between its markers; a body that holds a marker is refused."""
    if has_marker(body):
        raise MarkerError(f"The {layer} layer of business {business_id} contains a layer marker.")
    return f"{begin(layer, business_id)}\n{body}\n{end(layer, business_id)}"


def body(text: str, layer: Layer, business_id: int) -> str | None:
    """What stands in one layer of composed instructions, or None."""
    _, opened, rest = text.partition(begin(layer, business_id) + "\n")
    inside, closed, _ = rest.partition("\n" + end(layer, business_id))
    return inside if opened and closed else None


def _name(layer: Layer, business_id: int) -> str:
    """``LAYER 2 OF 4: BUSINESS, business 7``."""
    title = layer.replace("_", " ").upper()
    return f"LAYER {NUMBERS[layer]} OF {len(ORDER)}: {title}, business {business_id}"
