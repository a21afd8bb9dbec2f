"""Restoring old versions and discarding drafts, always after a second look."""

import re

import pytest

from prompts.models import Release
from tests.factories import publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def writer(dana: Writer) -> Writer:
    for text in ("Old.", "New."):
        publish_text(dana.business, text, greeting="Hello.")
    return dana


def test_an_old_version_comes_back_by_review(writer: Writer) -> None:
    assert writer.url("restore", 1) in writer.open().text
    page = writer.open("restore", 1)
    assert '<del dir="auto">New.</del><ins dir="auto">Old.</ins>' in page.text
    page = writer.client.post(writer.url("restore", 1), {"edition": writer.edition}, follow=True)
    assert "This draft was copied from v1." in page.text
    assert page.context["form"]["note"].value() == "Restore v1"
    writer.edition = page.context["form"]["edition"].value()
    writer.publish(note="Restore v1")
    assert writer.live is not None
    assert (writer.live.number, writer.live.text) == (3, "Old.")
    assert Release.objects.latest("pk").kind == "restore"


def test_our_sentence_is_read_from_the_side_of_the_page(writer: Writer) -> None:
    """It begins with “v1”, which says nothing of the language around it."""
    writer.client.cookies["django_language"] = "he"
    page = writer.open("restore", 1).text
    (sentence,) = re.findall("<p[^>]*>v1 .*</p>", page)
    assert sentence.startswith("<p>")
    assert "<bdi>A test</bdi>" in sentence


def test_restoring_shows_the_draft_that_makes_room_for_it(writer: Writer) -> None:
    writer.open()
    writer.write(text="Precious.")
    page = writer.open("restore", 1)
    assert "Precious." in page.text
    old, writer.edition = writer.edition, 0
    writer.write(text="More precious.", edition=old)
    page = writer.client.post(writer.url("restore", 1), {"edition": old}, follow=True)
    assert "Your draft was changed in another window." in page.text
    assert writer.draft is not None
    assert writer.draft.text == "More precious."


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_a_version_that_is_not_there_is_not_found(writer: Writer, number: int) -> None:
    assert writer.client.get(writer.url("restore", number)).status_code == 404


def test_a_draft_is_discarded_after_it_was_seen_again(writer: Writer) -> None:
    writer.open()
    page = writer.write(text="Precious.", then="discard")
    assert "Precious" in page.text
    assert writer.draft is not None
    page = writer.client.post(writer.url("discard"), {"edition": writer.edition}, follow=True)
    assert writer.draft is None
    assert page.context["form"]["text"].value() == "New."
    assert "There is no draft to discard." in writer.open("discard").text
