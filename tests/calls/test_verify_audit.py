"""The command that says whether the history is whole, and names the first row that is not."""

import json

import pytest
from django.core.management import call_command

from calls.models import EventPage
from calls.services.notes import remove_note, write_note
from prompts import triggers
from prompts.domain.kinds import Apply, Direction
from prompts.domain.text import sha256
from prompts.models import AuditEntry, Business, PromptVersion, ReadEntry, Release
from prompts.services.freshness import check_freshness
from prompts.services.platform import publish_platform
from prompts.services.reads import Look, Sight, record_read
from prompts.services.take_back import take_back
from tests.calls.proof import shelf
from tests.factories import make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return shelf.make_business()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        call_command("verify_audit", *arguments)
    except SystemExit as ended:
        return int(str(ended.code)), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_a_whole_history_is_said_to_be_whole(business: Business, capsys) -> None:
    code, said = run(capsys)
    assert code == 0
    assert said.endswith("Everything agrees.\n")


@pytest.mark.parametrize("column", ["after", "reason", "previous_hash"])
def test_a_changed_byte_in_an_audit_entry_names_the_entry(
    business: Business, capsys, column: str
) -> None:
    entry = AuditEntry.objects.filter(business=business).latest("number")
    shelf.change_byte("prompts_auditentry", column, f"id = {entry.pk}")
    code, said = run(capsys)
    assert code == 1
    assert f"Business {business.pk}: the audit chain is broken. Entry {entry.number} " in said


def test_a_changed_byte_in_the_platforms_chain_is_found(business: Business, capsys) -> None:
    entry = AuditEntry.objects.filter(business=None).earliest("number")
    shelf.change_byte("prompts_auditentry", "after", f"id = {entry.pk}")
    code, said = run(capsys)
    assert code == 1
    assert f"The platform: the audit chain is broken. Entry {entry.number} was altered" in said


@pytest.mark.parametrize("column", ["actor_name", "reason", "apply", "to_version_id", "revision"])
def test_a_release_that_says_something_else_than_its_entry_is_found(
    business: Business, capsys, column: str
) -> None:
    publish_text(business, "The second words.", actor=make_user("ruth"))
    release = Release.objects.filter(prompt__business=business).latest("pk")
    other = {"apply": "new_calls", "to_version_id": release.from_version_id, "revision": 99}
    with shelf.unguarded():
        Release.objects.filter(pk=release.pk).update(**{column: other.get(column, "other")})
    code, said = run(capsys)
    assert code == 1
    assert f"Release {release.pk}: it says something else than its audit entry." in said


def test_every_way_to_move_a_slot_leaves_a_release_as_its_entry_says(
    business: Business, capsys
) -> None:
    publish_text(business, "The second words.", actor=make_user("ruth"), apply=Apply.NEW_CALLS)
    take_back(business=business, direction=Direction.INBOUND, base=2, reason=" Wrong ", actor=None)
    text, why = "Be kind to whom you call.", " A test "
    publish_platform(direction=Direction.OUTBOUND, text=text, base=1, note=why, actor=None)
    check_freshness(business=business, actor=None)
    assert run(capsys)[0] == 0


@pytest.mark.parametrize("column", ["text", "greeting", "sha256"])
def test_a_changed_byte_in_a_prompt_version_is_found(
    business: Business, capsys, column: str
) -> None:
    version = publish_text(business, "You answer.", greeting="Hello, and welcome.")
    shelf.change_byte("prompts_promptversion", column, f"id = {version.pk}")
    code, said = run(capsys)
    assert code == 1
    assert f"Prompt version {version.pk}: its words were altered." in said


def test_a_revision_that_was_lowered_is_found(business: Business, capsys) -> None:
    triggers.remove()
    Business.objects.filter(pk=business.pk).update(revision=1)
    triggers.install()
    code, said = run(capsys)
    assert code == 1
    assert f"Business {business.pk}: the revision is 1, and its newest entry is 2." in said


def test_other_words_with_their_own_right_hash_are_found(business: Business, capsys) -> None:
    version = publish_text(business, "You answer.")
    triggers.remove()
    PromptVersion.objects.filter(pk=version.pk).update(text="You sing.", sha256=sha256("You sing."))
    triggers.install()
    assert run(capsys)[0] == 1


def test_calls_are_checked_when_asked_for(business: Business, capsys) -> None:
    row = shelf.store(shelf.begin(business), business)
    page = EventPage.objects.filter(call=row).latest("number")
    shelf.change_byte("calls_eventpage", "lines", f"number = {page.number}")
    assert run(capsys)[0] == 0
    code, said = run(capsys, "--calls")
    assert code == 1
    assert f"Call {row.sid}: its log is broken. Page {page.number} was altered" in said
    code, said = run(capsys, "--calls", "--json")
    data = json.loads(said)
    assert (code, data["ok"], data["calls"], data["fault_count"]) == (1, False, 1, 1)


def test_a_changed_byte_in_a_note_of_staff_is_found(business: Business, capsys) -> None:
    row = shelf.store(shelf.begin(business), business)
    for number in (1, 2):
        write_note(call=row, text=f"Note {number}", actor=make_user(f"staff-{number}"))
    remove_note(call=row, number=2, actor=None)
    code, said = run(capsys)
    assert code == 0
    assert f"Call {row.sid}, note 2, wording 1: erased on " in said
    shelf.change_byte("calls_note", "text", "number = 1")
    code, said = run(capsys)
    assert code == 1
    assert f"Call {row.sid}, note 1, wording 1: it was altered after it was written." in said


def test_a_long_run_says_how_far_it_is(business: Business, capsys, monkeypatch) -> None:
    monkeypatch.setattr("calls.management.commands.verify_audit.SAYS_SOMETHING_AFTER", -1.0)
    shelf.store(shelf.begin(business), business)
    call_command("verify_audit", "--calls")
    assert "1 calls checked ..." in capsys.readouterr().err


@pytest.mark.parametrize("column", ["actor_name", "object_id", "previous_hash"])
def test_a_changed_byte_among_the_reads_names_the_entry(
    business: Business, capsys, column: str
) -> None:
    person = make_user("dana")
    entries = [
        record_read(business=business, sight=Sight.of(Look.CALLERS, business), actor=person)
        for _look in range(3)
    ]
    shelf.change_byte("prompts_readentry", column, f"id = {entries[1].pk}")
    code, said = run(capsys)
    assert code == 1
    assert "Reads of callers: the chain is broken. Entry 2 " in said


def test_a_read_that_was_cut_off_is_missed(business: Business, capsys) -> None:
    sight = Sight.of(Look.CALLERS, business)
    entry = record_read(business=business, sight=sight, actor=make_user("dana"))
    with shelf.unguarded():
        ReadEntry.objects.filter(pk=entry.pk).delete()
    code, said = run(capsys)
    assert code == 1
    assert "The chain ends at entry 0, but 1 entries were written." in said
