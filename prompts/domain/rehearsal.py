"""The instructions as a text that nobody has published yet would make them."""

from dataclasses import replace

from .kinds import Apply
from .layers import Instructions, Release, Version, Wording, compose

UNPUBLISHED = 0  # neither a version nor its number


def rehearse(wording: Wording, *, text: str, greeting: str, context: str) -> Instructions:
    """What a call would get that began now with these words live, by the way calls get theirs.

    Raises as `compose` does: for an empty slot, a placeholder without a value, a marker.
    """
    version = Version(UNPUBLISHED, UNPUBLISHED, text, greeting)
    release = Release(wording.revision, Apply.LIVE, version)
    return compose(replace(wording, business=(release,)), context=context)
