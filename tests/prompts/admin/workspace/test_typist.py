"""What an open window sends after somebody else has logged in goes to nobody but its typist."""

import pytest
from django.contrib.auth.models import User

from prompts.domain.kinds import Direction
from prompts.models import AuditEntry, Business, PromptDraft, Release
from prompts.services.draft import NO_DRAFT, Desk, offer_draft, save_draft
from prompts.services.slots import Text
from tests.factories import make_user, publish_text
from tests.prompts.admin.workspace.writer import Writer
from tests.walks.forms import own_forms

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SENTENCE = "You are logged in as omer now, but these words were typed by dana"


@pytest.fixture
def left_open(dana: Writer, omer: Writer) -> Writer:
    """Dana's window, in whose browser Omer has logged in since."""
    dana.open()
    dana.client.force_login(omer.person)
    return dana


def save_for(person: User, business: Business, text: str) -> None:
    desk = Desk(business, Direction.INBOUND, person)
    save_draft(desk=desk, words=Text(text), note="Mine", base=None, edition=NO_DRAFT)


def test_a_script_saves_nothing_and_says_why(left_open: Writer) -> None:
    answer = left_open.autosave(text="Dana's words.")
    assert answer.status_code == 403
    assert SENTENCE in answer.json()["detail"]
    assert not PromptDraft.objects.exists()


def test_the_button_saves_nothing_and_hands_every_word_back(left_open: Writer) -> None:
    words = {"text": "Dana's <words>\n  stay.", "greeting": "Shalom.", "note": "Spring"}
    for then in ("stay", "review", "preview", "discard"):
        answer = left_open.write(then=then, **words)
        assert answer.status_code == 403
        assert SENTENCE in answer.text.replace("<bdi>", "").replace("</bdi>", "")
        assert [text for _name, _label, text in answer.context["words"]] == [
            words["greeting"],
            words["text"],
            words["note"],
        ]
        assert "Dana&#x27;s &lt;words&gt;\n  stay.</textarea>" in answer.text
    assert not PromptDraft.objects.exists()


def test_what_the_other_person_is_writing_is_neither_changed_nor_published(
    left_open: Writer, omer: Writer
) -> None:
    save_for(omer.person, omer.business, "Omer's words.")
    publish_text(omer.business, "One.")
    left_open.edition = omer.draft.edition
    answers = [
        left_open.write(text="Dana's words."),
        left_open.autosave(text="Dana's words."),
        left_open.publish(note="Dana's reason"),
        *(
            left_open.client.post(left_open.url(name, *more), {**left_open.own, **fields})
            for name, more, fields in (
                ("discard", (), {"edition": left_open.edition}),
                ("restore", (1,), {"edition": left_open.edition}),
                ("conflict", (), {"edition": left_open.edition, "choice": "theirs"}),
                ("take_back", (), {"reason": "Dana's reason", "base": 1}),
            )
        ),
    ]
    assert {one.status_code for one in answers} == {403}
    assert "Dana&#x27;s reason" in answers[2].text
    assert "Dana&#x27;s reason" in answers[-1].text
    assert PromptDraft.objects.get().text == "Omer's words."
    assert Release.objects.filter(prompt__business=omer.business).count() == 1
    assert not AuditEntry.objects.filter(actor=omer.person).exists()


def test_when_the_typist_is_back_the_same_window_goes_on(left_open: Writer, dana: Writer) -> None:
    left_open.client.force_login(dana.person)
    assert left_open.autosave(text="Dana's words.").status_code == 200
    assert dana.draft.text == "Dana's words."


def test_the_platforms_pages_hold_to_it_too() -> None:
    root = Writer(None, make_user("root"), None)
    root.open()
    root.client.force_login(make_user("omer"))
    assert root.autosave(text="Be kind.").status_code == 403
    assert root.write(text="Be kind.").status_code == 403
    assert not PromptDraft.objects.exists()


def test_every_form_at_a_prompt_names_its_person(dana: Writer, omer: Writer) -> None:
    business = dana.business
    for text in ("One.", "Two."):
        publish_text(business, text)
    save_for(omer.person, business, "Omer's words.")
    words = Text("Imported.")
    offer_draft(business=business, direction=Direction.INBOUND, words=words, note="Imported")
    pages = [("prompt",), ("take",), ("take_back",), ("restore", 1), ("copy", omer.draft.pk)]
    dana.open()
    dana.write()
    pages += [("review",), ("discard",)]
    found = [(page, dana.open(*page)) for page in pages]
    publish_text(business, "Three.")
    found.append((("conflict",), dana.open("conflict")))
    stale = dana.write(text="Other words.", edition=0)
    found.append((("prompt",), stale))
    for page, answer in found:
        forms = own_forms(answer.text, dana.url(*page))
        assert forms, page
        assert {form.get("person") for form in forms} == {"dana"}, page


def test_it_is_told_in_hebrew_too(left_open: Writer) -> None:
    left_open.client.cookies["django_language"] = "he"
    assert "הוקלדו" in left_open.write(text="Dana's words.").text
