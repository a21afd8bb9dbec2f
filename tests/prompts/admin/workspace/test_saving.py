"""Saving while a person types."""

import json

import pytest
from django.test import Client

from prompts.models import PromptDraft
from tests.factories import publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_save_answers_with_all_that_the_page_shows_anew(dana: Writer) -> None:
    publish_text(dana.business, "One.", greeting="Hello.")
    dana.open()
    answer = dana.autosave(text="One {{ nobody }}.").json()
    assert dana.draft is not None
    assert answer["edition"] == dana.draft.edition
    assert answer["saved"].startswith("Saved ")
    assert answer["draft"] == "Draft: 1 change"
    assert "{{ <bdi>nobody</bdi> }} is no placeholder" in answer["points"]
    assert answer["opening"] == answer["moved"] == ""


def test_each_answer_carries_the_edition_for_the_next_save(dana: Writer) -> None:
    dana.open()
    dana.edition = dana.autosave(text="One.").json()["edition"]
    dana.edition = dana.autosave(text="Two.").json()["edition"]
    assert dana.draft is not None
    assert (dana.draft.text, dana.draft.edition) == ("Two.", dana.edition)


def test_a_save_whose_answer_was_lost_can_be_sent_again(dana: Writer) -> None:
    dana.open()
    first = dana.autosave(text="One.").json()["edition"]
    assert dana.autosave(text="One.").json()["edition"] == first


def test_another_window_is_told_and_writes_nothing_over(dana: Writer) -> None:
    phone, desktop = dana, Writer(dana.business, dana.person)
    for window in (phone, desktop):
        window.open()
    phone.autosave(text="From the phone.")
    refused = desktop.autosave(text="From the desktop.")
    assert refused.status_code == 409
    assert "in another window" in refused.json()["detail"]
    assert PromptDraft.objects.get().text == "From the phone."


def test_the_page_learns_that_somebody_published_meanwhile(dana: Writer, omer: Writer) -> None:
    publish_text(dana.business, "One.")
    dana.open()
    publish_text(dana.business, "Theirs.", actor=omer.person)
    moved = dana.autosave(text="Mine.").json()["moved"]
    assert "omer" in moved
    assert dana.url("conflict") in moved


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("not JSON", "The page sent something else than a draft."),
        ("[1]", "The page sent something else than a draft."),
        (json.dumps({"text": "x"}), "no longer knows which draft"),
        (json.dumps({"text": "a\x00", "edition": 0}), "U+0000 NULL"),
        (json.dumps({"text": "\ud800", "edition": 0}), "HALF A CHARACTER"),
        (json.dumps({"text": "x", "edition": 0, "base": 9}), "There is no v9 here."),
        (json.dumps({"text": "x", "edition": 0, "base": "v"}), "which version it started from"),
    ],
)
def test_a_refusal_is_a_sentence(dana: Writer, body: str, sentence: str) -> None:
    refused = dana.client.post(dana.url("autosave"), body, "application/json")
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("Not saved: ")
    assert sentence in refused.json()["detail"]


def test_only_a_page_of_ours_can_save(dana: Writer) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(dana.person)
    body = json.dumps(dana.typed())
    assert careful.post(dana.url("autosave"), body, "application/json").status_code == 403
    assert dana.client.get(dana.url("autosave"))["Location"] == dana.url()
    assert dana.draft is None
