"""Drafts, publishes, take backs, restores, imports and platform releases in any order.

Whatever people do at once or one after the other: one live version per slot, revisions that only
rise, history that only grows, and exactly one audit entry for each change.
"""

import json
import threading
from collections.abc import Callable
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from prompts.cache import wording
from prompts.domain.changes import find_fault
from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.layers import resolve
from prompts.domain.legacy.report import Outcome, Report
from prompts.models import (
    AuditEntry,
    Business,
    Platform,
    Prompt,
    PromptDraft,
    PromptVersion,
    Release,
    Revision,
)
from prompts.selectors import current_versions, draft_of, place, slot_for_calls
from prompts.services.draft import (
    NO_DRAFT,
    Desk,
    copy_draft,
    discard_draft,
    publish_draft,
    put_on_top,
    save_draft,
    start_from,
    take_offer,
)
from prompts.services.errors import NothingBefore, StaleBase, StaleDraft
from prompts.services.importing import import_prompts
from prompts.services.platform import publish_platform
from prompts.services.publish import publish
from prompts.services.slots import Text, platform_slot
from prompts.services.take_back import take_back
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

HISTORY = (PromptVersion, Release, Revision, AuditEntry)
DIRECTIONS = st.sampled_from(Direction)
PLACES = st.none() | DIRECTIONS  # of the platform
PEOPLE = st.integers(0, 1)
TEXTS = st.sampled_from(["Be kind.", "Be brief.", "שלום", "{{ nobody }}", "", "Say <b>&amp;</b>."])
APPLIES = st.sampled_from(Apply)
_names = count(1)


class PromptDesk(RuleBasedStateMachine):
    """Two people, one business, and the platform that it stands on."""

    def __init__(self) -> None:
        super().__init__()
        number = next(_names)
        self.business = make_business(f"Business {number}")
        self.people = [make_user(f"{name}-{number}") for name in ("dana", "omer")]
        self.rows = self._count()
        self.revision = self._revision()
        self.written = self._written()

    @rule(person=PEOPLE, direction=DIRECTIONS, text=TEXTS, seen=st.booleans())
    def write(self, person: int, direction: Direction, text: str, *, seen: bool) -> None:
        desk = self._desk(person, direction)
        before, live = self._draft(desk), self._live(direction)
        edition = before.edition if before and seen else NO_DRAFT
        try:
            draft = save_draft(desk=desk, words=Text(text), base=live, edition=edition)
        except StaleDraft:
            assert before is not None
            assert self._words(desk) == before.text
        else:
            assert draft.text == self._words(desk) == text
        self._changed(0)

    @rule(person=PEOPLE, direction=DIRECTIONS, apply=APPLIES)
    def publish_what_was_written(self, person: int, direction: Direction, apply: Apply) -> None:
        desk = self._desk(person, direction)
        draft = self._draft(desk)
        edition = draft.edition if draft else NO_DRAFT
        try:
            release = publish_draft(desk=desk, edition=edition, note="Why", apply=apply)
        except (StaleDraft, StaleBase, ValidationError):
            assert self._draft(desk) == draft
            self._changed(0)
            return
        assert draft is not None
        assert self._draft(desk) is None
        live = current_versions(self.business)[direction]
        assert live is not None
        assert live.text == draft.text
        self._changed(0 if release is None else 1)

    @rule(person=PEOPLE, text=TEXTS, apply=APPLIES, stale=st.booleans())
    def publish_both(self, person: int, text: str, apply: Apply, *, stale: bool) -> None:
        base = {one: 10**6 if stale else self._live(one) for one in Direction}
        try:
            published = publish(
                business=self.business,
                texts=dict.fromkeys(Direction, Text(text)),
                base=base,
                note="Why",
                apply=apply,
                actor=self.people[person],
            )
        except (StaleBase, ValidationError):
            self._changed(0)
        else:
            self._changed(len(published.versions))

    @rule(person=PEOPLE, direction=DIRECTIONS)
    def take_back(self, person: int, direction: Direction) -> None:
        try:
            release = take_back(
                business=self.business,
                direction=direction,
                base=self._live(direction) or 0,
                reason="Why",
                actor=self.people[person],
            )
        except (StaleBase, NothingBefore):
            self._changed(0)
        else:
            assert release.from_version_id != release.to_version_id
            self._changed(1)

    @rule(person=PEOPLE, direction=DIRECTIONS, choice=st.integers(0, 20))
    def restore(self, person: int, direction: Direction, choice: int) -> None:
        versions = list(PromptVersion.objects.filter(**self._slot(direction)).order_by("number"))
        if versions:
            desk = self._desk(person, direction)
            version, draft = versions[choice % len(versions)], self._draft(desk)
            edition = draft.edition if draft else NO_DRAFT
            start_from(version=version, person=desk.person, note="Back", edition=edition)
            assert self._words(desk) == version.text
        self._changed(0)

    @rule(person=PEOPLE, direction=DIRECTIONS, act=st.sampled_from(["keep", "discard", "copy"]))
    def decide(self, person: int, direction: Direction, act: str) -> None:
        desk = self._desk(person, direction)
        draft = self._draft(desk)
        other = self._draft(self._desk(1 - person, direction))
        if draft and act == "keep":
            put_on_top(desk=desk, onto=self._live(direction), edition=draft.edition)
            assert self._words(desk) == draft.text
        elif draft and act == "discard":
            discard_draft(desk=desk, edition=draft.edition)
        elif draft and other:
            copy_draft(draft=other, desk=desk, edition=draft.edition)
            assert self._words(desk) == other.text
        self._changed(0)

    @rule(direction=PLACES, text=TEXTS, apply=APPLIES)
    def publish_for_everybody(self, direction: Direction | None, text: str, apply: Apply) -> None:
        current = platform_slot(direction).current
        try:
            version = publish_platform(
                direction=direction,
                text=text,
                base=current.number if current else None,
                note="Why",
                apply=apply,
                actor=None,
            )
        except ValidationError:
            self._changed(0)
        else:
            self._changed(0 if version is None else 1)

    @rule(person=PEOPLE, direction=PLACES, text=TEXTS, apply=APPLIES)
    def write_and_publish_for_everybody(
        self, person: int, direction: Direction | None, text: str, apply: Apply
    ) -> None:
        desk = Desk(None, direction, self.people[person])
        draft, live = self._draft(desk), platform_slot(direction).current
        edition, base = draft.edition if draft else NO_DRAFT, live.number if live else None
        draft = save_draft(desk=desk, words=Text(text), base=base, edition=edition)
        try:
            release = publish_draft(desk=desk, edition=draft.edition, note="Why", apply=apply)
        except (StaleBase, ValidationError):
            assert self._words(desk) == text
            self._changed(0)
        else:
            assert self._draft(desk) is None
            assert self._common(direction) == text
            self._changed(0 if release is None else 1)

    @rule(person=PEOPLE, direction=PLACES)
    def take_back_from_everybody(self, person: int, direction: Direction | None) -> None:
        live = platform_slot(direction).current
        try:
            release = take_back(
                business=None,
                direction=direction,
                base=live.number if live else 0,
                reason="Why",
                actor=self.people[person],
            )
        except NothingBefore:
            self._changed(0)
        else:
            assert self._common(direction) == release.to_version.text
            assert release.from_version == live
            self._changed(1)

    @rule(person=PEOPLE, direction=PLACES, choice=st.integers(0, 20))
    def restore_for_everybody(self, person: int, direction: Direction | None, choice: int) -> None:
        desk = Desk(None, direction, self.people[person])
        versions = list(platform_slot(direction).versions.order_by("number"))
        version, draft = versions[choice % len(versions)], self._draft(desk)
        edition = draft.edition if draft else NO_DRAFT
        start_from(version=version, person=desk.person, note="Back", edition=edition)
        assert self._words(desk) == version.text
        self._changed(0)

    @rule(field=st.sampled_from(["ai_prompt", "outbound_ai_prompt", "system_prompt"]), text=TEXTS)
    def bring_old_prompts(self, field: str, text: str) -> None:
        record = json.dumps([{"business_id": self.business.pk, field: text}]).encode()
        report = import_prompts(record, source="old.json", actor=None)
        self._changed(changes_in(report))

    @rule(person=PEOPLE, direction=DIRECTIONS)
    def take_up_what_waits(self, person: int, direction: Direction) -> None:
        desk = self._desk(person, direction)
        draft, offered = self._draft(desk), draft_of(self.business, direction, None)
        try:
            take_offer(desk=desk, edition=draft.edition if draft else NO_DRAFT)
        except StaleDraft:
            assert offered is None
        else:
            assert offered is not None
            assert self._words(desk) == offered.text
        self._changed(0)

    @invariant()
    def each_slot_stands_once_and_points_where_its_newest_release_says(self) -> None:
        stands_once(self.business)
        stands_once(None)

    @invariant()
    def calls_are_told_what_is_live(self) -> None:
        revision = self._revision()
        for direction, version in current_versions(self.business).items():
            read = wording(self.business.pk, direction, at_least=revision)
            told = resolve(read.business, None)
            assert (told.text if told else None) == (version.text if version else None)

    @invariant()
    def revisions_rise_one_by_one(self) -> None:
        rises_one_by_one(self.business)
        revision = self._revision()
        assert revision >= self.revision
        self.revision = revision

    @invariant()
    def nothing_that_was_written_changes(self) -> None:
        written = self._written()
        for before, now in zip(self.written, written, strict=True):
            assert now[: len(before)] == before
        self.written = written

    @invariant()
    def the_chains_are_whole(self) -> None:
        assert fault(self.business) is None
        assert fault(Platform.objects.get()) is None

    def _changed(self, changes: int) -> None:
        """Exactly this many changes were made, each with one entry; without one nothing moved."""
        rows = self._count()
        assert rows[AuditEntry] - self.rows[AuditEntry] == changes
        if not changes:
            assert rows == self.rows
        self.rows = rows

    def _count(self) -> dict[type, int]:
        return {model: model._default_manager.count() for model in HISTORY}

    def _written(self) -> list[tuple[object, ...]]:
        entries = AuditEntry.objects.order_by("pk").values_list("pk", "hash")
        versions = PromptVersion.objects.order_by("pk").values_list("pk", "sha256", "text")
        releases = Release.objects.order_by("pk").values_list("pk", "to_version", "revision")
        return [tuple(entries), tuple(versions), tuple(releases)]

    def _desk(self, person: int, direction: Direction) -> Desk:
        return Desk(self.business, direction, self.people[person])

    def _draft(self, desk: Desk) -> PromptDraft | None:
        return draft_of(desk.business, desk.direction, desk.person)

    def _words(self, desk: Desk) -> str:
        draft = self._draft(desk)
        assert draft is not None
        return draft.text

    def _common(self, direction: Direction | None) -> str:
        """What every business's calls are told."""
        current = platform_slot(direction).current
        return current.text if current else ""

    def _live(self, direction: Direction) -> int | None:
        version = current_versions(self.business)[direction]
        return version.number if version else None

    def _revision(self) -> int:
        return Business.objects.get(pk=self.business.pk).revision

    def _slot(self, direction: Direction) -> dict[str, object]:
        return {
            "prompt__business": self.business,
            "prompt__direction": direction.value,
            "prompt__channel": Channel.CALLS.value,
        }


def changes_in(report: Report) -> int:
    """How many texts an import put somewhere."""
    done = {Outcome.PUBLISHED, Outcome.OFFERED, Outcome.STORED}
    return sum(place.outcome in done for one in report.imported for place in one.placed)


def stands_once(business: Business | None) -> None:
    """Each slot of a business or the platform has one live version; its newest release names it."""
    for direction in Direction if business else (None, *Direction):
        slots = Prompt.objects.filter(**place(business, direction))
        assert slots.count() <= 1
        for slot in slots:
            newest = slot.releases.order_by("-pk").first()
            assert slot.current_id == (newest.to_version_id if newest else None)


def rises_one_by_one(business: Business) -> None:
    """The business's revisions are 1, 2, 3 and so on, and the last one is its own."""
    numbers = Revision.objects.filter(business=business).order_by("pk")
    revision = Business.objects.get(pk=business.pk).revision
    assert list(numbers.values_list("number", flat=True)) == list(range(1, revision + 1))


def fault(owner: Business | Platform) -> str | None:
    """What is wrong with a chain of the audit."""
    owner.refresh_from_db()
    business = owner if isinstance(owner, Business) else None
    entries = AuditEntry.objects.filter(business=business).order_by("number")
    return find_fault(
        (entry.link for entry in entries), count=owner.audit_count, head=owner.audit_head
    )


@pytest.mark.timeout(300)
def test_whatever_is_done_one_after_the_other() -> None:
    run_state_machine_as_test(
        PromptDesk,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_whatever_is_done_at_once() -> None:
    business, people = make_business(), [make_user("dana"), make_user("omer")]
    before, changes, problems = AuditEntry.objects.count(), [], []
    start = threading.Barrier(8)

    def run(act: Callable[[int], int]) -> None:
        try:
            start.wait()
            changes.extend(act(turn) for turn in range(8))
        except Exception as error:  # noqa: BLE001  # shown below, in the test's own thread
            problems.append(error)
        finally:
            connection.close()

    acts = (
        *(writing_and_publishing(business, person) for person in people),
        *(taking_back(business) for _ in range(2)),
        *(writing_and_publishing(None, person) for person in people),
        taking_back(None),
        bringing_old_prompts(business),
    )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert AuditEntry.objects.count() - before == sum(changes)
    stands_once(business)
    stands_once(None)
    rises_one_by_one(business)
    assert fault(business) is None
    assert fault(Platform.objects.get()) is None


def writing_and_publishing(business: Business | None, person: User) -> Callable[[int], int]:
    """A person who writes a text of their own each time, and decides for it when overtaken."""
    desk = Desk(business, Direction.INBOUND, person)

    def act(turn: int) -> int:
        slot = slot_for_calls(business, Direction.INBOUND)
        base = slot.current.number if slot and slot.current else None
        words = Text(f"{person} {turn}.")
        draft = save_draft(desk=desk, words=words, base=base, edition=NO_DRAFT)
        while True:
            try:
                return bool(publish_draft(desk=desk, edition=draft.edition, note="Why"))
            except StaleBase as stale:
                onto = stale.current[Direction.INBOUND]
                draft = put_on_top(desk=desk, onto=onto, edition=draft.edition)

    return act


def taking_back(business: Business | None) -> Callable[[int], int]:
    """Somebody who takes back whatever is live, where something stood before it."""

    def act(turn: int) -> int:
        slot = slot_for_calls(business, Direction.INBOUND)
        live = slot.current if slot else None
        try:
            take_back(
                business=business,
                direction=Direction.INBOUND,
                base=live.number if live else 0,
                reason="Why",
                actor=None,
            )
        except (StaleBase, NothingBefore):
            return False
        return True

    return act


def bringing_old_prompts(business: Business) -> Callable[[int], int]:
    """An import that runs again and again."""

    def act(turn: int) -> int:
        rows = [{"business_id": business.pk, "outbound_ai_prompt": f"Old {turn}."}]
        report = import_prompts(json.dumps(rows).encode(), source="old.json", actor=None)
        return changes_in(report)

    return act
