"""How the layers of the words become the one text that a call is spoken under."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from .agent import AgentSettings, Fallback
from .hours import Day
from .kinds import Apply, Channel, Direction, Layer
from .languages import english_name
from .markers import fence
from .opening import build_opening
from .placeholders import PLATFORM_NAMES, render
from .text import Digest, sha256
from .unspeakable import Unspeakable

JOINT = "\n\n"  # what stands between two layers


class MissingPrompt(Unspeakable):
    """A slot has no version in force; no other slot may stand in for it."""

    def __init__(self, business_id: int, direction: Direction, layer: Layer) -> None:
        """Say which slot is empty."""
        super().__init__(f"Business {business_id} has no {direction} prompt: {layer} is empty.")
        self.business_id = business_id
        self.direction = direction
        self.layer = layer

    def __reduce__(self) -> tuple[type, tuple[int, Direction, Layer]]:
        """Travel between processes with the slot's name."""
        return type(self), (self.business_id, self.direction, self.layer)


class Version(Struct, frozen=True):
    """One immutable text of a slot."""

    version_id: int
    number: int
    text: str
    greeting: str


class Release(Struct, frozen=True):
    """One move of a slot to a version."""

    revision: int
    apply: Apply
    version: Version


class Started(Struct, frozen=True):
    """The two clocks as they stood when a call began."""

    revision: int
    platform_revision: int


class Wording(Struct, frozen=True):
    """All that the calls of one business, direction and channel share, as of one revision."""

    business_id: int
    business_name: str
    direction: Direction
    channel: Channel
    language: str
    time_zone: str
    revision: int
    platform_revision: int
    universal: tuple[Release, ...]
    business: tuple[Release, ...]
    call_type: tuple[Release, ...]
    placeholders: tuple[tuple[str, str], ...]
    settings: AgentSettings
    fallback: Fallback
    paused: bool
    opening_hours: tuple[Day, ...] = ()
    appointment_rules: str = ""
    committed_at: datetime | None = None  # when the revision was made
    profiles_revision: int = 0  # the newest at which what is known of a caller changed


class Part(Struct, frozen=True):
    """One layer between its markers, as it stands in the text, and its hash."""

    layer: Layer
    text: str
    sha256: str


class Instructions(Struct, frozen=True):
    """The exact text of one call, with everything that proves where it came from."""

    business_id: int
    direction: Direction
    revision: int
    platform_revision: int
    version: int
    version_id: int
    held: bool
    text: str
    fingerprint: str
    words: str
    greeting: str
    opening: str
    parts: tuple[Part, ...] = ()  # `text` is these, with `JOINT` between them


class Shared(Struct, frozen=True):
    """The layers that several calls of one wording have in common, joined once."""

    wording: Wording
    business: Version
    held: bool
    text: str
    words: str
    greeting: str
    opening: str
    parts: tuple[Part, ...]
    digest: Digest  # of the text, for as many calls to go on from


class Chosen(Struct, frozen=True):
    """The three versions that a call gets."""

    universal: Version
    business: Version
    call_type: Version


def resolve(releases: Sequence[Release], started: int | None) -> Version | None:
    """The version a call gets from a slot: its latest release that the call may follow.

    A call that starts now (``started`` is None) follows every release; a call in progress
    follows those it began under and those that move live calls. Releases come oldest first.
    """
    for release in reversed(releases):
        if started is None or release.revision <= started or release.apply is Apply.LIVE:
            return release.version
    return None


def compose(wording: Wording, *, context: str, started: Started | None = None) -> Instructions:
    """Join the layers for one call; raises `Unspeakable`: `MissingPrompt` for an empty slot."""
    return complete(share(wording, started), context_part(wording.business_id, context))


def share(wording: Wording, started: Started | None = None) -> Shared:
    """The part of the instructions that calls with the same versions have in common."""
    chosen = choose(wording, started)
    values = dict(wording.placeholders)
    parts = _shared_parts(wording, chosen)
    text = joined(part.text for part in parts)
    greeting = render(chosen.business.greeting, values)
    return Shared(
        wording=wording,
        business=chosen.business,
        held=started is not None and chosen != choose(wording, None),
        text=text,
        words=sha256(text),
        greeting=greeting,
        opening=build_opening(
            business_id=wording.business_id,
            business_name=wording.business_name,
            direction=wording.direction,
            language=wording.language,
            greeting=greeting,
            prompt=render(chosen.business.text, values),
        ),
        parts=parts,
        digest=Digest(text + JOINT),
    )


def context_part(business_id: int, context: str) -> Part:
    """The layer that is one call's own."""
    return _part(Layer.CONTEXT, business_id, context)


def complete(shared: Shared, own: Part) -> Instructions:
    """Add one call's context layer to what it shares with others."""
    wording = shared.wording
    text = joined((shared.text, own.text))
    return Instructions(
        business_id=wording.business_id,
        direction=wording.direction,
        revision=wording.revision,
        platform_revision=wording.platform_revision,
        version=shared.business.number,
        version_id=shared.business.version_id,
        held=shared.held,
        text=text,
        fingerprint=shared.digest.and_then(own.text),
        words=shared.words,
        greeting=shared.greeting,
        opening=shared.opening,
        parts=(*shared.parts, own),
    )


def joined(texts: Iterable[str]) -> str:
    """The layers as one text."""
    return JOINT.join(texts)


def choose(wording: Wording, started: Started | None) -> Chosen:
    """The versions in force for a call that began at ``started``, or for one that starts now."""
    revision = started.revision if started else None
    platform_revision = started.platform_revision if started else None
    return Chosen(
        universal=_take(wording, Layer.UNIVERSAL, wording.universal, platform_revision),
        business=_take(wording, Layer.BUSINESS, wording.business, revision),
        call_type=_take(wording, Layer.CALL_TYPE, wording.call_type, platform_revision),
    )


def _take(
    wording: Wording, layer: Layer, releases: Sequence[Release], started: int | None
) -> Version:
    """The slot's version, or the error that names the empty slot."""
    version = resolve(releases, started)
    if version is None:
        raise MissingPrompt(wording.business_id, wording.direction, layer)
    return version


def _shared_parts(wording: Wording, chosen: Chosen) -> tuple[Part, ...]:
    """The layers that all calls of this business and direction have in common."""
    values = dict(wording.placeholders)
    universal = f"{_facts(wording)}\n\n{render(chosen.universal.text, values, PLATFORM_NAMES)}"
    layers = (
        (Layer.UNIVERSAL, universal),
        (Layer.BUSINESS, render(chosen.business.text, values)),
        (Layer.CALL_TYPE, render(chosen.call_type.text, values, PLATFORM_NAMES)),
    )
    return tuple(_part(layer, wording.business_id, body) for layer, body in layers)


def _part(layer: Layer, business_id: int, body: str) -> Part:
    """A layer between its markers."""
    text = fence(layer, business_id, body)
    return Part(layer, text, sha256(text))


def _facts(wording: Wording) -> str:
    """Whose call this is and in which language it begins."""
    others = [english_name(tag) for tag in wording.settings.languages[1:]]
    also = f" The business also speaks {', '.join(others)}." if others else ""
    return (
        f"This call belongs to business {wording.business_id}, {wording.business_name}, "
        f"and to no other. Begin in {english_name(wording.language)}.{also}"
    )
