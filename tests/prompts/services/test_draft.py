import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from prompts.cache import wording
from prompts.domain.kinds import Apply, Direction
from prompts.models import AuditEntry, Business, PromptDraft, PromptVersion, Release, Revision
from prompts.selectors import current_versions, draft_of
from prompts.services.draft import (
    NO_DRAFT,
    Desk,
    discard_draft,
    offer_draft,
    publish_draft,
    put_on_top,
    save_draft,
    start_from,
    take_offer,
)
from prompts.services.errors import StaleBase, StaleDraft
from prompts.services.platform import publish_platform
from prompts.services.slots import Text, platform_slot
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

INBOUND = Direction.INBOUND


@pytest.fixture
def desk() -> Desk:
    return Desk(make_business(), INBOUND, make_user("dana"))


def typed(desk: Desk, text: str, *, edition: int = NO_DRAFT, base: int | None = None) -> int:
    words = Text(text, "Hello.")
    return save_draft(desk=desk, words=words, note="Why", base=base, edition=edition).edition


def draft(desk: Desk) -> PromptDraft:
    found = draft_of(desk.business, desk.direction, desk.person)
    assert found
    return found


def test_what_is_typed_is_kept_as_it_stands_with_all_its_faults(desk: Desk) -> None:
    text = "  {{ nobody }} <<< \u202e\x07 שָׁלוֹם 👩‍👧 & <b>\n\n "
    typed(desk, text.replace("\n", "\r\n"))
    assert (draft(desk).text, draft(desk).greeting, draft(desk).note) == (text, "Hello.", "Why")


def test_each_save_is_a_new_edition_and_the_same_words_again_are_none(desk: Desk) -> None:
    first = typed(desk, "One.")
    second = typed(desk, "Two.", edition=first)
    assert second > first
    assert typed(desk, "Two.", edition=first) == second  # an answer was lost on the way


def test_a_draft_reaches_no_call_and_no_history(desk: Desk) -> None:
    publish_text(desk.business, "Live.")
    before = (AuditEntry.objects.count(), Revision.objects.count(), PromptVersion.objects.count())
    typed(desk, "A secret plan.", base=1)
    now = (AuditEntry.objects.count(), Revision.objects.count(), PromptVersion.objects.count())
    assert now == before
    revision = Business.objects.get().revision
    read = wording(desk.business.pk, INBOUND, at_least=revision)
    assert "plan" not in str(read)


def test_people_and_directions_have_drafts_of_their_own(desk: Desk) -> None:
    others = (
        Desk(desk.business, INBOUND, make_user("omer")),
        Desk(desk.business, Direction.OUTBOUND, desk.person),
    )
    typed(desk, "Mine.")
    for number, other in enumerate(others):
        typed(other, f"Other {number}.")
    assert [draft(one).text for one in (desk, *others)] == ["Mine.", "Other 0.", "Other 1."]


def test_another_window_loses_nothing_and_overwrites_nothing(desk: Desk) -> None:
    edition = typed(desk, "From the phone.")
    with pytest.raises(StaleDraft) as caught:
        typed(desk, "From the desktop.", edition=NO_DRAFT)
    assert caught.value.draft is not None
    assert (caught.value.draft.text, caught.value.draft.edition) == ("From the phone.", edition)
    assert draft(desk).text == "From the phone."


def test_an_edition_of_a_discarded_draft_never_fits_again(desk: Desk) -> None:
    old = typed(desk, "Old.")
    discard_draft(desk=desk, edition=old)
    typed(desk, "New.")
    with pytest.raises(StaleDraft):
        typed(desk, "Late.", edition=old)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("a\x00b", "U\\+0000 NULL"), ("a\ud800", "HALF A CHARACTER"), ("x" * 100_001, "100000")],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(desk: Desk, text: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as caught:
        typed(desk, text)
    assert list(caught.value.message_dict) == ["text"]


def test_a_base_that_does_not_exist_is_refused(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="There is no v7 here"):
        typed(desk, "One.", base=7)


def test_publishing_takes_exactly_the_reviewed_words_and_ends_the_draft(desk: Desk) -> None:
    publish_text(desk.business, "One.")
    reviewed = typed(desk, "Two.", base=1)
    newer = typed(desk, "Two and a half.", edition=reviewed)
    with pytest.raises(StaleDraft):
        publish_draft(desk=desk, edition=reviewed, note="Why")
    publish_draft(desk=desk, edition=newer, note="Spring", apply=Apply.NEW_CALLS)
    live = current_versions(desk.business)[INBOUND]
    assert live is not None
    assert (live.text, live.greeting, live.note) == ("Two and a half.", "Hello.", "Spring")
    assert (live.author_name, Release.objects.latest("pk").apply) == ("dana", "new_calls")
    assert not PromptDraft.objects.exists()


def test_a_text_that_may_not_be_published_stays_a_draft(desk: Desk) -> None:
    edition = typed(desk, "{{ nobody }}")
    with pytest.raises(ValidationError):
        publish_draft(desk=desk, edition=edition, note="Why")
    assert draft(desk).edition == edition


def test_a_moved_base_stops_publishing_until_the_person_has_decided(desk: Desk) -> None:
    publish_text(desk.business, "One.")
    edition = typed(desk, "Mine.", base=1)
    publish_text(desk.business, "Theirs.")
    with pytest.raises(StaleBase):
        publish_draft(desk=desk, edition=edition, note="Why")
    moved = put_on_top(desk=desk, onto=2, edition=edition)
    assert (moved.text, moved.base and moved.base.number) == ("Mine.", 2)
    publish_draft(desk=desk, edition=moved.edition, note="Why")
    live = current_versions(desk.business)[INBOUND]
    assert live is not None
    assert (live.number, live.text) == (3, "Mine.")


def test_restoring_copies_an_old_version_into_the_draft_and_publishing_says_so(desk: Desk) -> None:
    old = publish_text(desk.business, "Old.", greeting="Good day.")
    publish_text(desk.business, "New.")
    copied = start_from(version=old, person=desk.person, note="Back", edition=NO_DRAFT)
    assert (copied.text, copied.greeting, copied.note) == ("Old.", "Good day.", "Back")
    assert (copied.base and copied.base.number, copied.copied_from) == (2, old)
    publish_draft(desk=desk, edition=copied.edition, note="Back")
    release = Release.objects.latest("pk")
    assert (release.kind, release.to_version.number, release.to_version.text) == (
        "restore",
        3,
        "Old.",
    )
    assert AuditEntry.objects.latest("pk").action == "prompt.restored"


def test_restoring_does_not_write_over_a_draft_that_nobody_saw(desk: Desk) -> None:
    old = publish_text(desk.business, "Old.")
    typed(desk, "Precious.", base=1)
    with pytest.raises(StaleDraft):
        start_from(version=old, person=desk.person, note="Back", edition=NO_DRAFT)
    assert draft(desk).text == "Precious."


def test_an_offered_text_waits_for_one_person_who_takes_it(desk: Desk) -> None:
    for text in ("First import.", "Second import."):
        offer_draft(business=desk.business, direction=INBOUND, words=Text(text), note="Imported")
    taken = take_offer(desk=desk, edition=NO_DRAFT)
    assert (taken.text, taken.note, taken.person) == ("Second import.", "Imported", desk.person)
    with pytest.raises(StaleDraft):
        take_offer(desk=desk, edition=taken.edition)
    assert current_versions(desk.business)[INBOUND] is None


@pytest.mark.parametrize("direction", [None, *Direction])
def test_the_platforms_prompts_are_written_in_the_same_way(
    desk: Desk, direction: Direction | None
) -> None:
    dana, omer = (Desk(None, direction, make_user(name)) for name in ("noa", "omer"))
    edition = typed(dana, "Be kind to everybody.", base=1)
    assert draft(dana).prompt == platform_slot(direction)
    publish_platform(direction=direction, text="Theirs.", base=1, note="Why", actor=omer.person)
    with pytest.raises(StaleBase):
        publish_draft(desk=dana, edition=edition, note="Why")
    moved = put_on_top(desk=dana, onto=2, edition=edition)
    release = publish_draft(desk=dana, edition=moved.edition, note="Kinder", apply=Apply.NEW_CALLS)
    assert release is not None
    assert (release.kind, release.apply, release.reason) == ("platform", "new_calls", "Kinder")
    assert (release.to_version.text, release.actor) == ("Be kind to everybody.", dana.person)
    assert draft_of(None, direction, dana.person) is None
    assert draft_of(desk.business, INBOUND, desk.person) is None


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_begin_at_once_make_one_draft(desk: Desk) -> None:
    start = threading.Barrier(2)
    answers: list[str] = []

    def window(text: str) -> None:
        try:
            start.wait()
            typed(desk, text)
            answers.append("saved")
        except StaleDraft:
            answers.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=(name,)) for name in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["saved", "stale"]
    assert PromptDraft.objects.count() == 1
