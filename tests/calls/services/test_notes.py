"""Notes at calls: written, corrected, removed, proved and forgotten."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from calls.models import Call, Note, Tag
from calls.proof.notes import check_notes
from calls.services.notes import NoNote, StaleNote, correct_note, remove_note, write_note
from calls.services.tags import add_tag
from prompts import triggers
from prompts.models import AuditEntry, Business
from prompts.services.profile import erase_profile, save_profile
from tests.calls.admin.calls.rows import make_call
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CALLER = "+972501234567"
SECRET = "Dana Levi owes us"


@pytest.fixture
def business() -> Business:
    return make_business("Harbor")


@pytest.fixture
def call(business: Business) -> Call:
    return make_call(business, from_number=CALLER)


def entries(owner: Business | None) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(business=owner, object_type="call").order_by("number"))


def texts(call: Call) -> list[str]:
    return list(call.notes.order_by("number", "edition").values_list("text", flat=True))


def test_a_note_is_kept_with_who_and_when_and_leaves_one_entry_without_its_words(
    call: Call, business: Business
) -> None:
    note = write_note(call=call, text=f" {SECRET}\r\nmuch. ", actor=make_user("dana"))
    assert (note.number, note.edition, note.text) == (1, 1, f"{SECRET}\nmuch.")
    assert note.actor_name == "dana"
    (entry,) = entries(business)
    assert (entry.action, entry.actor_name, entry.object_id) == (
        "note.written",
        "dana",
        str(call.pk),
    )
    assert json.loads(entry.after) == {
        "call": call.sid,
        "note": 1,
        "edition": 1,
        "sha256": note.sha256,
    }
    assert SECRET not in entry.content


def test_notes_are_numbered_call_by_call_and_a_number_is_given_once(
    call: Call, business: Business
) -> None:
    write_note(call=make_call(business, 2), text="Of another call", actor=None)
    for text in ("One", "Two"):
        write_note(call=call, text=text, actor=None)
    remove_note(call=call, number=2, actor=None)
    assert write_note(call=call, text="Three", actor=None).number == 3


def test_a_correction_follows_the_wording_that_was_read(call: Call, business: Business) -> None:
    write_note(call=call, text="She waits.", actor=make_user("dana"))
    second = correct_note(call=call, number=1, text="She is paid.", base=1, actor=make_user("ruth"))
    assert (second.edition, second.actor_name) == (2, "ruth")
    assert texts(call) == ["She waits.", "She is paid."]
    assert [one.action for one in entries(business)] == ["note.written", "note.corrected"]
    with pytest.raises(StaleNote) as caught:
        correct_note(call=call, number=1, text="She left.", base=1, actor=None)
    assert caught.value.newest == second
    assert len(entries(business)) == 2


def test_the_same_words_are_no_correction(call: Call, business: Business) -> None:
    note = write_note(call=call, text="She waits.", actor=None)
    assert correct_note(call=call, number=1, text=" She waits. ", base=1, actor=None) == note
    assert len(entries(business)) == 1


def test_a_removed_note_has_no_words_left_and_cannot_be_corrected(
    call: Call, business: Business
) -> None:
    write_note(call=call, text=SECRET, actor=None)
    correct_note(call=call, number=1, text="Milder words", base=1, actor=None)
    write_note(call=call, text="Another", actor=None)
    remove_note(call=call, number=1, actor=make_user("ruth"))
    assert texts(call) == ["", "", "Another"]
    erased = call.notes.filter(number=1)
    assert set(erased.values_list("salt", "erased_by")) == {("", "ruth")}
    assert entries(business)[-1].action == "note.removed"
    with pytest.raises(NoNote):
        correct_note(call=call, number=1, text="Back again", base=2, actor=None)
    with pytest.raises(NoNote):
        remove_note(call=call, number=1, actor=None)
    with pytest.raises(NoNote):
        remove_note(call=call, number=9, actor=None)
    assert len(entries(business)) == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "Write the note first."),
        ("a\x00b", "The text holds a control character"),
        ("x" * 4001, "The note has 4001 characters; at most 4000 fit."),
    ],
)
def test_what_is_no_note_is_refused_with_a_sentence(
    call: Call, business: Business, text: str, sentence: str
) -> None:
    write_note(call=call, text="One", actor=None)
    for act in (
        lambda: write_note(call=call, text=text, actor=None),
        lambda: correct_note(call=call, number=1, text=text, base=1, actor=None),
    ):
        with pytest.raises(ValidationError) as caught:
            act()
        assert caught.value.message_dict["text"][0].startswith(sentence)
    assert texts(call) == ["One"]
    assert len(entries(business)) == 1


def test_a_call_of_no_known_business_is_recorded_by_the_platform() -> None:
    call = make_call(None, status="refused", end_reason="refused")
    write_note(call=call, text="Somebody tries our numbers.", actor=None)
    assert [entry.action for entry in entries(None)] == ["note.written"]


def rewrite(column: str, value: object) -> Callable[[], object]:
    return lambda: Note.objects.update(**{column: value})


@pytest.mark.parametrize(
    "way",
    [
        rewrite("text", "Other words"),
        rewrite("text", ""),
        rewrite("actor_name", "eve"),
        rewrite("made_at", "2020-01-01T00:00:00Z"),
        lambda: Note.objects.update(
            text="", salt="", erased_by="eve", erased_at="2020-01-01T00:00:00Z", actor_name="eve"
        ),
        lambda: Note.objects.update(text="", erased_by="eve", erased_at="2020-01-01T00:00:00Z"),
        lambda: Note.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_rewrite_or_delete_a_note(
    call: Call, way: Callable[[], object]
) -> None:
    write_note(call=call, text="One", actor=None)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        way()


def test_what_was_erased_does_not_come_back(call: Call) -> None:
    write_note(call=call, text="One", actor=None)
    remove_note(call=call, number=1, actor=None)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Note.objects.update(text="One")


def faults() -> list[str]:
    return [fault for fault, _erased in check_notes() if fault]


def test_verification_knows_each_wording(call: Call) -> None:
    write_note(call=call, text="One", actor=None)
    correct_note(call=call, number=1, text="Two", base=1, actor=None)
    write_note(call=call, text="Three", actor=None)
    remove_note(call=call, number=2, actor=make_user("ruth"))
    assert faults() == []
    (told,) = [erased for _fault, erased in check_notes() if erased]
    assert told.startswith(f"Call {call.sid}, note 2, wording 1: erased on ")
    assert told.endswith("by ruth.")


@pytest.mark.parametrize("change", [{"text": "Other"}, {"actor_name": "eve"}, {"sha256": "0" * 64}])
def test_verification_finds_a_wording_that_was_altered_or_is_missing(
    call: Call, change: dict[str, str]
) -> None:
    note = write_note(call=call, text="One", actor=None)
    triggers.remove()
    Note.objects.filter(pk=note.pk).update(**change)
    assert len(faults()) == 1
    Note.objects.filter(pk=note.pk).delete()
    (missing,) = faults()
    assert "it is missing" in missing
    triggers.install()


def test_verification_finds_a_note_that_nobody_wrote(call: Call) -> None:
    Note.objects.create(
        call=call, number=1, edition=1, text="x", sha256="0" * 64, made_at=call.started_at
    )
    assert "the audit does not know it" in faults()[0]


def test_a_forgotten_caller_is_gone_from_notes_and_tags_of_the_own_calls_only(
    call: Call, business: Business
) -> None:
    placed = make_call(business, 2, direction="outbound", from_number="", to_number=CALLER)
    others = make_call(business, 3, from_number="+972509999999")
    elsewhere = make_call(make_business("Other"), 4, from_number=CALLER)
    for one in (call, placed, others, elsewhere):
        write_note(call=one, text=SECRET, actor=None)
        add_tag(call=one, word="Debtor", actor=None)
    add_tag(call=call, word="Dana Levi", actor=None)
    correct_note(call=call, number=1, text="Milder words", base=1, actor=None)
    save_profile(
        business=business, number=CALLER, values={"pace": "slow"}, actor=None, reason="Asked us"
    )
    ruth = make_user("ruth")
    before = AuditEntry.objects.count()
    erase_profile(business=business, number=CALLER, actor=ruth, reason="Asked by letter")
    assert AuditEntry.objects.count() == before + 1
    assert (texts(call), texts(placed)) == (["", ""], [""])
    assert set(call.notes.values_list("erased_by", flat=True)) == {"ruth"}
    assert not call.tags.exists()
    assert not placed.tags.exists()
    assert (texts(others), texts(elsewhere)) == ([SECRET], [SECRET])
    assert [mark.tag.word for mark in others.tags.all()] == ["Debtor"]
    assert list(business.call_tags.values_list("word", flat=True)) == ["Debtor"]
    assert faults() == []
    kept = [Note.objects.filter(call__in=(call, placed)), Tag.objects, AuditEntry.objects]
    assert "Dana" not in str([list(rows.values_list()) for rows in kept])
