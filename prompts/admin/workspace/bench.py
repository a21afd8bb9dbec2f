"""All that the pages of one prompt begin with, read once for each request."""

from dataclasses import dataclass

from django.http import HttpRequest

from prompts.admin import rights
from prompts.admin.places.place import Place
from prompts.domain.difference import Block, compare, count_changes
from prompts.domain.lint import Ground, lint
from prompts.domain.roles import Right
from prompts.domain.scripts import writing_direction
from prompts.findings import Point, point
from prompts.models import Prompt, PromptDraft, PromptVersion, Release
from prompts.selectors import draft_in, release_in_force, slot_for_calls
from prompts.services.draft import NO_DRAFT, Desk, words_of
from prompts.services.slots import Text


@dataclass(frozen=True, slots=True)
class Bench:
    """One person at one prompt: what is live there, and what the person is writing."""

    place: Place
    desk: Desk
    slot: Prompt | None
    other: PromptVersion | None  # what is live in the other direction
    release: Release | None
    draft: PromptDraft | None
    may_draft: bool
    may_publish: bool

    @property
    def live(self) -> PromptVersion | None:
        """What is live there."""
        return self.slot.current if self.slot else None

    @property
    def live_words(self) -> Text:
        """What calls are told now."""
        return Text(self.live.text, self.live.greeting) if self.live else Text("")

    @property
    def words(self) -> Text:
        """What the person is writing; before the first letter that is the live text."""
        return words_of(self.draft) if self.draft else self.live_words

    @property
    def edition(self) -> int:
        """The draft's edition."""
        return self.draft.edition if self.draft else NO_DRAFT

    @property
    def base(self) -> int | None:
        """The number of the version that the draft follows; a new draft follows the live one."""
        base = self.draft.base if self.draft else self.live
        return base.number if base else None

    @property
    def has_moved(self) -> bool:
        """Whether somebody else has published since the draft was begun."""
        return self.draft is not None and self.base != (self.live.number if self.live else None)

    @property
    def ground(self) -> Ground:
        """What the text is judged by."""
        return self.place.ground(self.other.text if self.other else "")

    @property
    def text_direction(self) -> str:
        """From which side the text is read."""
        words = self.words
        return writing_direction(f"{words.greeting}\n{words.text}", self.place.language)

    def points(self) -> list[Point]:
        """What lint says of the words."""
        words = self.words.canonical()
        return [point(one) for one in lint(words.text, words.greeting, self.ground)]

    def changes(self) -> int:
        """In how many places the words differ from the live ones."""
        return sum(count_changes(blocks) for blocks in differences(self.live_words, self.words))


def open_bench(request: HttpRequest, place: Place, right: Right) -> Bench:
    """The bench of the person who asks, who must have the right at this place."""
    place.require(request, right)
    person = rights.person(request)
    slot = slot_for_calls(place.business, place.direction)
    beside = slot_for_calls(place.business, place.opposite) if place.opposite else None
    return Bench(
        place=place,
        desk=Desk(place.business, place.direction, person),
        slot=slot,
        other=beside.current if beside else None,
        release=release_in_force(slot) if slot else None,
        draft=draft_in(slot, person) if slot else None,
        may_draft=place.may(request, Right.DRAFT),
        may_publish=place.may(request, Right.PUBLISH),
    )


def differences(before: Text, after: Text) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What changed in the first sentence and in the text, in the form in which they are kept."""
    old, new = before.canonical(), after.canonical()
    return compare(old.greeting, new.greeting), compare(old.text, new.text)
