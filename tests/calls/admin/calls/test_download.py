"""A call as a file, from which everything can be proved again."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from calls.domain.pages import Page, link, read
from calls.domain.recount import Recount
from calls.models import Call
from calls.services.erasure import erase_context
from calls.services.notes import correct_note, remove_note, write_note
from calls.services.tags import add_tag
from prompts.domain.changes import find_fault
from prompts.domain.roles import Role
from prompts.domain.text import sha256
from prompts.models import Business, ReadEntry
from prompts.services.platform import publish_platform
from tests.calls.admin.calls.rows import NOW, make_call
from tests.calls.domain import builders as b
from tests.calls.proof import shelf
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    business = make_business("Harbor")
    publish_text(business, "The first words.", greeting="Hello there.", actor=make_user("ruth"))
    return business


@pytest.fixture
def call(business: Business) -> Call:
    call = shelf.begin(business, context=shelf.OF_SOMEBODY)
    shelf.answer(call, "before")
    publish_text(business, "The second words.", greeting="Hello there.")
    shelf.learn(call, business, context=shelf.OF_SOMEBODY)
    shelf.echo(call)
    shelf.answer(call, "after")
    return shelf.store(call, business)


def address(call: Call) -> str:
    return reverse("admin:calls_call_download", args=[call.pk])


def download(staff: Client, call: Call) -> dict[str, Any]:
    response = staff.get(address(call))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="call-{call.sid}.json"'
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_the_file_has_words_versions_texts_receipts_and_stamps(staff: Client, call: Call) -> None:
    found = download(staff, call)
    assert found["call"]["sid"] == call.sid
    assert found["call"]["business"]["name"] == "Harbor"
    assert "Automatic transcript, may be wrong." in found["about"]
    assert found["made_by"] == "dana"
    assert [line["stamp"]["version"] for line in found["lines"]] == [1, 1, 2]
    assert [version["text"] for version in found["versions"]] == [
        "The first words.",
        "The second words.",
    ]
    assert [one["actor_name"] for one in found["releases"]] == ["ruth", "system"]
    assert [receipt["result"] for receipt in found["receipts"]] == ["acknowledged"] * 2


def test_every_fingerprint_in_the_file_can_be_made_again_from_it(staff: Client, call: Call) -> None:
    found = download(staff, call)
    names = {line["stamp"]["fingerprint"] for line in found["lines"]}
    names |= {receipt["hash_sent"] for receipt in found["receipts"]}
    assert len(names) == 3
    for name in names:
        text = found["texts"][name]
        layers = text["layers"]
        assert all(sha256(layer["text"]) == layer["sha256"] for layer in layers)
        assert sha256(text["joint"].join(layer["text"] for layer in layers)) == name


def test_words_that_no_answer_stood_under_are_in_the_file_with_what_came_back(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    publish_text(business, "The second words.")
    shelf.learn(call, business)
    call.hear(b.echo("Words of somebody else."))
    call.at(30)
    found = download(staff, shelf.store(call, business))
    (receipt,) = (one for one in found["receipts"] if one["result"] == "unverified")
    assert receipt["hash_echoed"] == sha256("Words of somebody else.")
    for name in (receipt["hash_sent"], receipt["hash_echoed"]):
        text = found["texts"][name]
        assert sha256(text["joint"].join(layer["text"] for layer in text["layers"])) == name


def test_the_log_in_the_file_proves_every_stamp(staff: Client, call: Call) -> None:
    found = download(staff, call)
    pages = [Page(**page) for page in found["log"]]
    links = (link(call.sid, page) for page in pages)
    assert find_fault(links, count=len(pages), head=pages[-1].hash) is None
    stamps = Recount().read(read(pages)).stamps
    told = {line["response_id"]: line["stamp"]["fingerprint"] for line in found["lines"]}
    assert told == {name: stamp.fingerprint for name, stamp in stamps.items()}


def test_what_was_erased_says_when_and_by_whom(staff: Client, call: Call) -> None:
    erase_context(call=call, erased_by="ruth", at=NOW)
    texts = download(staff, call)["texts"].values()
    contexts = [one for text in texts for one in text["layers"] if one["layer"] == "context"]
    assert contexts
    for layer in contexts:
        assert layer["text"] is None
        assert layer["erased_by"] == "ruth"


def test_the_file_has_notes_and_tags_with_who_and_when(staff: Client, call: Call) -> None:
    ruth = make_user("rivka")
    write_note(call=call, text="She waits.", actor=ruth)
    note = correct_note(call=call, number=1, text="She is paid.", base=1, actor=None)
    write_note(call=call, text="A mistake.", actor=ruth)
    remove_note(call=call, number=2, actor=ruth)
    mark = add_tag(call=call, word="refund", actor=ruth)
    found = download(staff, call)
    first, second = found["notes"]
    assert [(one["text"], one["by"]) for one in first["wordings"]] == [
        ("She waits.", "rivka"),
        ("She is paid.", "system"),
    ]
    assert parse_datetime(first["wordings"][1]["at"]).timestamp() == pytest.approx(
        note.made_at.timestamp(), abs=0.001
    )
    assert first["erased_at"] is None
    assert ([one["text"] for one in second["wordings"]], second["erased_by"]) == ([None], "rivka")
    (tag,) = found["tags"]
    assert (tag["tag"], tag["by"]) == ("refund", "rivka")
    assert parse_datetime(tag["at"]).timestamp() == pytest.approx(
        mark.made_at.timestamp(), abs=0.001
    )


def test_a_note_is_not_taken_for_the_reason_of_what_the_platform_published(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    boss = make_user("boss")
    publish_platform(direction=None, text="Be kinder.", base=1, note="For all", actor=boss)
    row = make_call(business, number=77)
    write_note(call=row, text="Unrelated", actor=None)
    shelf.learn(call, business)
    shelf.echo(call)
    changes = download(staff, shelf.store(call, business))["changes"]
    (change,) = [one for one in changes if one["cause"] == "platform release"]
    assert (change["by"], change["reason"], change["values"]) == ("boss", "For all", [])


def test_a_call_that_was_turned_away_is_a_file_too(staff: Client) -> None:
    found = download(staff, make_call(None, status="refused", end_reason="refused"))
    assert found["call"]["business"] is None
    assert found["lines"] == found["log"] == []


def test_taking_a_call_away_is_for_whoever_may_read_it_and_is_noted(
    client: Client, call: Call, business: Business
) -> None:
    client.force_login(make_member(make_business("Other"), Role.OWNER, username="stranger"))
    assert client.get(address(call)).status_code == 404
    client.force_login(make_member(business, Role.VIEWER, username="viewer"))
    assert client.get(address(call)).status_code == 403
    assert not ReadEntry.objects.exists()
    client.force_login(make_member(business, Role.SUPPORT, username="support"))
    download(client, call)
    entry = ReadEntry.objects.get()
    assert (entry.action, entry.actor_name) == ("call.downloaded", "support")
    assert (entry.business, entry.object_id) == (business, str(call.pk))
