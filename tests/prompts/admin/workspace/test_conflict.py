"""Two texts for one place: nothing that anybody typed is lost."""

import pytest

from tests.factories import publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def overtaken(dana: Writer, omer: Writer) -> Writer:
    """Dana, on whose base Omer has published meanwhile."""
    publish_text(dana.business, "One.")
    dana.open()
    dana.write(text="Mine.")
    publish_text(dana.business, "Theirs.", actor=omer.person)
    return dana


def test_the_editor_and_the_review_say_who_was_faster(overtaken: Writer) -> None:
    for name in ("prompt", "review"):
        text = overtaken.open(name).text
        assert "published v2 while you were writing" in text
        assert overtaken.url("conflict") in text
    assert "Choose first which text goes on" in overtaken.open("review").text


def test_both_texts_and_what_differs_are_shown(overtaken: Writer) -> None:
    page = overtaken.open("conflict")
    assert "<bdi>omer</bdi> put v2 in force" in page.text
    assert (page.context["mine"].text, page.context["theirs"].text) == ("Mine.", "Theirs.")
    assert "<del" in page.text
    assert "<ins" in page.text


def decide(writer: Writer, choice: str, onto: int = 2) -> object:
    values = {"choice": choice, "onto": onto, "edition": writer.edition}
    return writer.client.post(writer.url("conflict"), values, follow=True)


def test_keep_mine_goes_on_to_the_review_and_publishes_over_theirs(overtaken: Writer) -> None:
    decide(overtaken, "mine")
    overtaken.open("review")
    overtaken.publish()
    assert overtaken.live is not None
    assert (overtaken.live.number, overtaken.live.text) == (3, "Mine.")


def test_take_theirs_ends_the_draft_and_shows_theirs(overtaken: Writer) -> None:
    decide(overtaken, "theirs")
    assert overtaken.draft is None
    assert overtaken.open().context["form"]["text"].value() == "Theirs."


def test_publishing_too_late_leads_to_the_choice_and_keeps_the_reason(
    dana: Writer, omer: Writer
) -> None:
    publish_text(dana.business, "One.")
    dana.open()
    dana.write(text="Mine.", then="review")
    publish_text(dana.business, "Theirs.", actor=omer.person)
    page = dana.publish(note="My long reason")
    assert page.redirect_chain[-1][0] == dana.url("conflict")
    assert dana.live is not None
    assert dana.live.text == "Theirs."
    assert dana.draft is not None
    assert (dana.draft.text, dana.draft.note) == ("Mine.", "My long reason")


def test_a_third_version_asks_again(overtaken: Writer) -> None:
    publish_text(overtaken.business, "Third.")
    decide(overtaken, "mine", onto=2)
    assert "published v3 while you were writing" in overtaken.open("review").text


def test_a_choice_about_an_old_draft_changes_nothing(overtaken: Writer) -> None:
    old = overtaken.edition
    overtaken.write(text="Mine, and more.")
    overtaken.edition = old
    for choice in ("mine", "theirs"):
        decide(overtaken, choice)
    assert overtaken.draft is not None
    assert overtaken.draft.text == "Mine, and more."


def test_two_windows_of_one_person_lose_nothing(dana: Writer) -> None:
    phone, desktop = dana, Writer(dana.business, dana.person)
    for window in (phone, desktop):
        window.open()
    phone.write(text="From the phone.")
    desktop.edition = 0
    page = desktop.write(text="From the desktop.", greeting="Hey.", note="Why")
    assert page.context["mine"].text == "From the desktop."
    assert page.context["theirs"].text == "From the phone."
    kept = page.context["keep_fields"]
    desktop.client.post(desktop.url(), kept)
    assert dana.draft is not None
    assert (dana.draft.text, dana.draft.greeting, dana.draft.note) == (
        "From the desktop.",
        "Hey.",
        "Why",
    )


def test_a_draft_that_was_published_in_another_window_is_offered_anew(dana: Writer) -> None:
    dana.open()
    dana.write(text="One.")
    old = dana.edition
    dana.publish()
    dana.edition = old
    page = dana.write(text="One, and more.")
    assert "the draft was published or discarded" in page.text
    dana.client.post(dana.url(), page.context["keep_fields"])
    assert dana.draft is not None
    assert dana.draft.text == "One, and more."


def test_without_a_conflict_there_is_nothing_to_choose(dana: Writer) -> None:
    assert dana.open("conflict").redirect_chain[-1][0] == dana.url()
