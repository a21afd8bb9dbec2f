"""Notes on the page of a call, and the pages on which they are corrected and removed."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call
from calls.services.notes import correct_note, remove_note, write_note
from calls.services.tags import add_tag
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, ReadEntry
from tests.calls.admin.calls.rows import make_call, page_of
from tests.factories import make_business, make_member, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def call(business: Business) -> Call:
    return make_call(business)


@pytest.fixture
def support(business: Business) -> User:
    return make_member(business, Role.SUPPORT, username="noa")


def url(name: str, call: Call, *more: int) -> str:
    return reverse(f"admin:calls_call_{name}_note", args=[call.pk, *more])


def texts(call: Call) -> list[str]:
    return list(call.notes.order_by("number", "edition").values_list("text", flat=True))


def test_support_writes_a_note_and_reads_who_wrote_it(
    client: Client, call: Call, support: User
) -> None:
    client.force_login(support)
    answer = client.post(url("write", call), {"text": "She waits\nfor <b>Ruth</b>."}, follow=True)
    assert answer.redirect_chain == [(f"/admin/calls/call/{call.pk}/change/#note-1", 302)]
    assert "She waits\nfor &lt;b&gt;Ruth&lt;/b&gt;." in answer.text
    assert "<strong><bdi>noa</bdi></strong>" in answer.text
    assert "The note is kept with the call." in answer.text
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor) == ("note.written", support)


def test_a_note_that_cannot_be_kept_comes_back_as_it_was_typed(staff: Client, call: Call) -> None:
    typed = "  Two lines,\n  and very long. " + "x" * 4000
    answer = staff.post(url("write", call), {"text": typed})
    assert answer.status_code == 200
    assert "characters; at most 4000 fit." in answer.text
    assert answer.context["note_form"]["text"].value() == typed
    assert typed in answer.text
    assert "autofocus" in answer.text
    assert '<details class="va-write" open>' in answer.text
    assert "Write the note first." in staff.post(url("write", call), {"text": " "}).text
    assert texts(call) == []


def test_numbers_in_a_note_keep_their_order(staff: Client, call: Call) -> None:
    write_note(call=call, text="הטלפון +972 50-123-4567 שלה", actor=None)
    assert '<bdi dir="ltr">+972 50-123-4567</bdi>' in page_of(staff, call)


def test_the_author_corrects_a_note_and_earlier_wordings_stay(
    client: Client, call: Call, support: User
) -> None:
    write_note(call=call, text="She waits.", actor=support)
    client.force_login(support)
    page = client.get(url("correct", call, 1))
    assert "She waits.</textarea>" in page.text
    assert ReadEntry.objects.latest("pk").action == "transcript.read"
    typed = {"text": "She is paid.", "base": "1"}
    answer = client.post(url("correct", call, 1), typed, follow=True)
    assert answer.redirect_chain[-1][0].endswith("#note-1")
    assert "She is paid." in answer.text
    assert "Earlier wordings" in answer.text
    assert "corrected by <bdi>noa</bdi>" in answer.text
    assert texts(call) == ["She waits.", "She is paid."]


def test_a_wrong_correction_comes_back_as_it_was_typed(staff: Client, call: Call) -> None:
    write_note(call=call, text="She waits.", actor=None)
    answer = staff.post(url("correct", call, 1), {"text": "x" * 4001, "base": "1"})
    assert "at most 4000 fit." in answer.text
    assert "x" * 4001 in answer.text
    answer = staff.post(url("correct", call, 1), {"text": "Kept words", "base": "one"})
    assert "Kept words</textarea>" in answer.text
    assert texts(call) == ["She waits."]


def test_two_who_correct_at_once_lose_nothing(staff: Client, call: Call) -> None:
    write_note(call=call, text="She waits.", actor=None)
    correct_note(call=call, number=1, text="Ruth calls her.", base=1, actor=make_user("ruth"))
    answer = staff.post(url("correct", call, 1), {"text": "My words", "base": "1"})
    assert "Somebody else corrected this note meanwhile" in answer.text
    assert "Ruth calls her." in answer.text
    assert "My words</textarea>" in answer.text
    assert 'name="base" value="2"' in answer.text
    staff.post(url("correct", call, 1), {"text": "My words", "base": "2"})
    assert texts(call)[-1] == "My words"


def test_a_correction_of_what_was_removed_meanwhile_keeps_the_words(
    staff: Client, call: Call
) -> None:
    write_note(call=call, text="She waits.", actor=None)
    remove_note(call=call, number=1, actor=None)
    answer = staff.post(url("correct", call, 1), {"text": "My words", "base": "1"})
    assert "Somebody removed this note meanwhile" in answer.text
    assert "My words</textarea>" in answer.text
    assert staff.get(url("correct", call, 1)).status_code == 404


def test_a_note_is_removed_after_a_question(client: Client, call: Call, support: User) -> None:
    write_note(call=call, text="She waits.", actor=support)
    client.force_login(support)
    assert "It cannot be undone." in client.get(url("remove", call, 1)).text
    assert texts(call) == ["She waits."]
    answer = client.post(url("remove", call, 1), follow=True)
    assert "The note is removed." in answer.text
    assert "She waits." not in answer.text
    assert "by <bdi>noa</bdi>." in answer.text
    assert url("correct", call, 1) not in answer.text
    again = client.post(url("remove", call, 1), follow=True)
    assert "This note was removed." in again.text
    assert AuditEntry.objects.filter(action="note.removed").count() == 1


def test_only_its_author_and_owners_change_a_note(
    client: Client, call: Call, business: Business, support: User
) -> None:
    write_note(call=call, text="Of noa", actor=support)
    client.force_login(make_member(business, Role.SUPPORT, username="other"))
    page = page_of(client, call)
    assert "Of noa" in page
    for name in ("correct", "remove"):
        assert url(name, call, 1) not in page
        for answer in (
            client.get(url(name, call, 1)),
            client.post(url(name, call, 1), {"text": "Mine now", "base": "1"}),
        ):
            assert answer.status_code == 403
            assert "the role “owner”" in answer.text
    assert texts(call) == ["Of noa"]
    client.force_login(make_member(business, Role.OWNER, username="boss"))
    assert url("correct", call, 1) in page_of(client, call)
    client.post(url("correct", call, 1), {"text": "Of the owner", "base": "1"})
    client.post(url("remove", call, 1))
    assert texts(call) == ["", ""]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.PUBLISHER])
def test_whoever_may_not_read_a_call_writes_no_note(
    client: Client, call: Call, business: Business, role: Role
) -> None:
    client.force_login(make_member(business, role, username="reader"))
    assert client.post(url("write", call), {"text": "Hello"}).status_code == 403
    client.force_login(make_member(make_business("Other"), Role.OWNER, username="stranger"))
    assert client.post(url("write", call), {"text": "Hello"}).status_code == 404
    assert texts(call) == []


def test_a_note_that_is_not_there_is_404(staff: Client, call: Call) -> None:
    for name in ("correct", "remove"):
        assert staff.get(url(name, call, 7)).status_code == 404
    assert staff.get(url("write", call)).status_code == 302


def test_many_notes_and_tags_need_no_more_queries(staff: Client, call: Call) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(staff, call)
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            note = write_note(call=call, text=f"Note {number}", actor=None)
            correct_note(call=call, number=note.number, text="Again", base=1, actor=None)
            add_tag(call=call, word=f"tag {number}", actor=None)

    page_of(staff, call)  # the first look of all makes the head of their chain
    grow(0, 2)
    few = count()
    grow(2, 15)
    assert count() == few
