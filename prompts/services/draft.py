"""Keeping what people write before they publish it; saving a draft changes no call."""

import re
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prompts.domain.invisible import name_of
from prompts.domain.kinds import Apply, Direction
from prompts.domain.lint import TEXT_LIMIT
from prompts.domain.text import LINE_ENDS
from prompts.models import Business, Prompt, PromptDraft, PromptVersion, Release
from prompts.selectors import draft_in, draft_of
from prompts.sentences import Sentence

from .errors import StaleDraft
from .platform import publish_platform
from .publish import publish
from .slots import Text, business_slot, slot_at

NO_DRAFT = 0  # the edition that an editor knows who has none yet
LARGEST = 5 * TEXT_LIMIT  # too long to publish, and still kept while it is being cut down
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")  # no database takes these


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one person writes: at a slot of a business, or without one at one of the platform's."""

    business: Business | None
    direction: Direction | None
    person: User


def words_of(draft: PromptDraft) -> Text:
    """What the draft says."""
    return Text(draft.text, draft.greeting)


@transaction.atomic
def save_draft(
    *, desk: Desk, words: Text, note: str = "", base: int | None, edition: int
) -> PromptDraft:
    """Keep what a person has typed so far, fit to be published or not.

    ``base`` is the version that a new draft starts from. ``edition`` is the one that the editor
    saw last: when another window has saved since, `StaleDraft` carries what it saved. Saving the
    same words again changes nothing.
    """
    _refuse_unstorable(words, note)
    draft = _locked(desk)
    typed = (_lines(words.text), _lines(words.greeting), _lines(note))
    if draft is not None and (draft.text, draft.greeting, draft.note) == typed:
        return draft
    _refuse_stale(draft, edition)
    if draft is None:
        slot = slot_at(desk.business, desk.direction)
        draft = PromptDraft(prompt=slot, person=desk.person, base=_version(slot, base))
    draft.text, draft.greeting, draft.note = typed
    return _save(draft)


@transaction.atomic
def start_from(*, version: PromptVersion, person: User, note: str, edition: int) -> PromptDraft:
    """Copy a version forward: the person's draft becomes its words, on top of what is live."""
    slot = Prompt.objects.select_related("current").get(pk=version.prompt_id)
    draft = draft_in(slot, person, lock=True)
    _refuse_stale(draft, edition)
    draft = draft or PromptDraft(prompt=slot, person=person)
    draft.text, draft.greeting, draft.note = version.text, version.greeting, note
    draft.base, draft.copied_from = slot.current, version
    return _save(draft)


@transaction.atomic
def put_on_top(*, desk: Desk, onto: int | None, edition: int) -> PromptDraft:
    """Keep the draft's words, as what shall follow the version ``onto``."""
    draft = _known(desk, edition)
    draft.base = _version(draft.prompt, onto)
    return _save(draft)


@transaction.atomic
def discard_draft(*, desk: Desk, edition: int) -> None:
    """Throw away the draft that the person has seen."""
    _known(desk, edition).delete()


@transaction.atomic
def publish_draft(
    *, desk: Desk, edition: int, note: str, apply: Apply = Apply.LIVE
) -> Release | None:
    """Publish exactly the words that the person has reviewed, and end the draft.

    None says that these words are live already. What keeps a text from being published is raised
    as `publish` and `publish_platform` raise it.
    """
    draft = _known(desk, edition)
    version = _publish(desk, draft, note, apply)
    draft.delete()
    return version.releases.latest("pk") if version else None


@transaction.atomic
def copy_draft(*, draft: PromptDraft, desk: Desk, edition: int) -> PromptDraft:
    """Copy another person's draft into one's own; theirs stays as it is."""
    own = _locked(desk)
    _refuse_stale(own, edition)
    own = own or PromptDraft(prompt=draft.prompt, person=desk.person)
    own.text, own.greeting, own.note = draft.text, draft.greeting, draft.note
    own.base, own.copied_from = draft.base, None
    return _save(own)


@transaction.atomic
def offer_draft(*, business: Business, direction: Direction, words: Text, note: str) -> PromptDraft:
    """Leave a text for whoever takes it up; another that waits there is replaced."""
    _refuse_unstorable(words, note)
    slot = business_slot(business, direction)
    draft = draft_in(slot, None, lock=True) or PromptDraft(prompt=slot)
    draft.text, draft.greeting, draft.note = _lines(words.text), _lines(words.greeting), note
    draft.base = slot.current
    return _save(draft)


@transaction.atomic
def take_offer(*, desk: Desk, edition: int) -> PromptDraft:
    """Make the text that waits the person's own draft; it waits no longer."""
    offered = draft_of(desk.business, desk.direction, None, lock=True)
    if offered is None:
        raise StaleDraft(None)
    own = _locked(desk)
    _refuse_stale(own, edition)
    own = own or PromptDraft(prompt=offered.prompt, person=desk.person)
    own.text, own.greeting, own.note = offered.text, offered.greeting, offered.note
    own.base, own.copied_from = offered.prompt.current, None
    offered.delete()
    return _save(own)


def _publish(desk: Desk, draft: PromptDraft, note: str, apply: Apply) -> PromptVersion | None:
    """The version that the draft became; None where nothing was to be published."""
    words, base = words_of(draft), draft.base.number if draft.base else None
    if desk.business is None:
        return publish_platform(
            direction=desk.direction,
            text=words.text,
            base=base,
            note=note,
            actor=desk.person,
            apply=apply,
        )
    direction = Direction(draft.prompt.direction)
    published = publish(
        business=desk.business,
        texts={direction: words},
        base={direction: base},
        note=note,
        actor=desk.person,
        apply=apply,
    )
    return published.versions.get(direction)


def _known(desk: Desk, edition: int) -> PromptDraft:
    """The draft as the person has seen it, locked; raises `StaleDraft` otherwise."""
    draft = _locked(desk)
    _refuse_stale(draft, edition)
    if draft is None:
        raise StaleDraft(None)
    return draft


def _locked(desk: Desk) -> PromptDraft | None:
    return draft_of(desk.business, desk.direction, desk.person, lock=True)


def _refuse_stale(draft: PromptDraft | None, edition: int) -> None:
    """Raise `StaleDraft` unless the stored draft is the one that the editor saw last."""
    if (draft.edition if draft else NO_DRAFT) != edition:
        raise StaleDraft(draft)


def _save(draft: PromptDraft) -> PromptDraft:
    """Write the draft down as its next edition."""
    draft.saved_at = timezone.now()
    draft.edition = (draft.edition or int(draft.saved_at.timestamp() * 1000)) + 1
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # another window made the draft at the same moment
        raise StaleDraft(
            PromptDraft.objects.filter(prompt=draft.prompt, person=draft.person).first()
        ) from None
    return draft


def _version(slot: Prompt, number: int | None) -> PromptVersion | None:
    """The version of the slot with this number."""
    version = slot.versions.filter(number=number).first() if number else None
    if number and version is None:
        raise ValidationError({"base": _("There is no v%(number)d here.") % {"number": number}})
    return version


def _lines(text: str) -> str:
    """As typed; only the ends of lines are made the same everywhere."""
    return LINE_ENDS.sub("\n", text)


def _refuse_unstorable(words: Text, note: str) -> None:
    """Refuse what cannot be kept, in sentences; everything else is kept, faults and all."""
    faults: dict[str, str] = {}
    for name, text in (("text", words.text), ("greeting", words.greeting), ("note", note)):
        if found := UNSTORABLE.search(text):
            sentence = _("The text holds %(sign)s, which cannot be kept: remove it.")
            faults[name] = Sentence.of(sentence, sign=name_of(found[0]))
        elif len(text) > LARGEST:
            faults[name] = _("At most %(limit)d characters can be kept.") % {"limit": LARGEST}
    if faults:
        raise ValidationError(faults)
