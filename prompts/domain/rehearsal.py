"""The instructions as a text that nobody has published yet would make them."""

from msgspec.structs import replace

from .kinds import Apply, Layer
from .layers import Instructions, Release, Version, Wording, compose

UNPUBLISHED = 0  # neither a version nor its number


def rehearse(
    wording: Wording, *, layer: Layer, text: str, greeting: str, context: str
) -> Instructions:
    """What a call would get that began now with these words live, by the way calls get theirs.

    Raises as `compose` does: for an empty slot, a placeholder without a value, a marker.
    """
    version = Version(UNPUBLISHED, UNPUBLISHED, text, greeting)
    releases = (Release(wording.revision, Apply.LIVE, version),)
    match layer:
        case Layer.UNIVERSAL:
            tried = replace(wording, universal=releases)
        case Layer.CALL_TYPE:
            tried = replace(wording, call_type=releases)
        case _:
            tried = replace(wording, business=releases)
    return compose(tried, context=context)
