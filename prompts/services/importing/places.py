"""What becomes of each text of one business; reads what stands there and writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max

from prompts.domain.changes import canonical_json
from prompts.domain.kinds import Channel, Direction, Layer
from prompts.domain.legacy import Record, Words, single_braces
from prompts.domain.legacy.fallbacks import fallback_of
from prompts.domain.legacy.records import GREETING, PROMPTS
from prompts.domain.legacy.report import Outcome
from prompts.domain.lint import Field, Ground
from prompts.domain.placeholders import NAMES
from prompts.domain.text import sha256
from prompts.findings import faults
from prompts.models import AuditEntry, Business, Prompt, PromptVersion, Release
from prompts.selectors import draft_in
from prompts.services.draft import words_of
from prompts.services.slots import Text, is_current

OFFERED = "prompt.offered"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text for a slot; only one that was the slot's own may be published."""

    direction: Direction
    channel: Channel
    words: Text
    field: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be done with a text; ``version`` is its number, or the one it would get."""

    wanted: Wanted
    outcome: Outcome
    version: int | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A slot as it stands; None is one that nobody has needed yet."""

    slot: Prompt | None

    @property
    def live(self) -> PromptVersion | None:
        """The version in force."""
        return self.slot.current if self.slot else None

    @property
    def next_number(self) -> int:
        """The number of the next version."""
        newest = self.slot and self.slot.versions.aggregate(newest=Max("number"))["newest"]
        return (newest or 0) + 1

    def says(self, words: Text) -> bool:
        """Whether these very words are in force."""
        return self.slot is not None and is_current(self.slot, words)

    def same(self, words: Text) -> PromptVersion | None:
        """The version that says the same."""
        if self.slot is None:
            return None
        return self.slot.versions.filter(text=words.text, greeting=words.greeting).first()

    def is_moved_by_people(self) -> bool:
        """Whether somebody has published here since the last import."""
        newest = self.slot.releases.order_by("-pk").first() if self.slot else None
        return newest is not None and newest.kind != Release.Kind.IMPORT

    def has_waiting(self, words: Text) -> bool:
        """Whether these words wait as a draft for anybody."""
        draft = draft_in(self.slot, None) if self.slot else None
        return draft is not None and words_of(draft) == words

    def was_offered(self, words: Text) -> bool:
        """Whether an import has offered these words before, whatever became of them."""
        return (
            self.slot is not None
            and AuditEntry.objects.filter(
                business=self.slot.business_id,
                action=OFFERED,
                object_id=str(self.slot.pk),
                after=canonical_json(offer(words)),
            ).exists()
        )


def offer(words: Text) -> dict[str, object]:
    """An offered text as the audit names it."""
    return {"sha256": sha256(words.text), "greeting_sha256": sha256(words.greeting)}


def wanted_texts(record: Record) -> Iterator[Wanted]:
    """Every text of a record with the slot that it belongs to, or is offered in."""
    for direction, name in PROMPTS.items():
        words = record.prompts[direction]
        # The old greeting answered the phone: it is no first sentence of a call that we make.
        opening = record.greeting if direction is Direction.INBOUND else Words()
        fallback = fallback_of(record, direction)
        calls = Text(words.calls or fallback.text, opening.calls).canonical()
        if calls.text:
            field = name if words.calls else fallback.field
            yield Wanted(direction, Channel.CALLS, calls, field, is_own=bool(words.calls))
        if words.whatsapp:
            stored = Text(words.whatsapp, opening.whatsapp).canonical()
            yield Wanted(direction, Channel.WHATSAPP, stored, name, is_own=True)


def place(business: Business, wanted: Wanted) -> Place | None:
    """Decide about one text of a locked business; None for a stand-in that nothing needs."""
    standing = Standing(_slot(business, wanted))
    obstacles = list(_obstacles(business, wanted, standing))
    outcome = _outcome(wanted, standing, is_free=not obstacles)
    if outcome is Outcome.OFFERED and not wanted.is_own and standing.live is not None:
        return None
    waits = wanted.is_own and outcome in (Outcome.OFFERED, Outcome.WAITING, Outcome.PRESENT)
    remarks = (*(obstacles if waits else ()), *_braces(wanted.words))
    return Place(wanted, outcome, _number(wanted, standing, outcome), remarks)


def _outcome(wanted: Wanted, standing: Standing, *, is_free: bool) -> Outcome:
    """Nobody's words are replaced, old words never come back, and nothing is offered twice."""
    words = wanted.words
    if standing.says(words):
        return Outcome.IN_FORCE
    if standing.same(words):
        return Outcome.PRESENT
    if wanted.channel is not Channel.CALLS:
        return Outcome.STORED
    if wanted.is_own and is_free:
        return Outcome.PUBLISHED
    if standing.has_waiting(words):
        return Outcome.WAITING
    return Outcome.PRESENT if standing.was_offered(words) else Outcome.OFFERED


def _number(wanted: Wanted, standing: Standing, outcome: Outcome) -> int | None:
    if outcome in (Outcome.PUBLISHED, Outcome.STORED):
        return standing.next_number
    version = standing.same(wanted.words)
    return version.number if version else None


def _obstacles(business: Business, wanted: Wanted, standing: Standing) -> Iterator[str]:
    """What keeps a text of the slot's own from being published."""
    if wanted.channel is not Channel.CALLS:
        return
    if standing.live is not None and standing.is_moved_by_people():
        yield f"v{standing.live.number} is live here and stays: an import replaces nobody's words."
    found = faults(wanted.words.text, wanted.words.greeting, Ground(business.placeholders))
    yield from found[Field.TEXT]
    yield from (f"{GREETING}: {sentence}" for sentence in found[Field.GREETING])


def _slot(business: Business, wanted: Wanted) -> Prompt | None:
    return (
        Prompt.objects.select_related("current")
        .filter(
            layer=Layer.BUSINESS.value,
            business=business,
            direction=wanted.direction.value,
            channel=wanted.channel.value,
        )
        .first()
    )


def _braces(words: Text) -> Iterator[str]:
    for name in single_braces(f"{words.text}\n{words.greeting}"):
        remedy = f" Write {{{{ {name} }}}} to have it filled in." if name in NAMES else ""
        yield f"{{{name}}} stays as it is and would be spoken.{remedy}"
