"""Review and publish: the last look before calls are told."""

import pytest

from prompts.admin import window
from prompts.admin.outcomes.release import release_url
from prompts.domain.kinds import Direction
from prompts.models import AuditEntry, PromptDraft, Release
from prompts.selectors import current_versions
from prompts.validation import REASON_LIMIT
from tests.factories import publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_from_the_editor_to_the_page_of_the_release_in_two_presses(dana: Writer) -> None:
    dana.open()
    dana.write(then="review", text="You are {{ agent_name }}.\r\nBe kind.")
    page = dana.publish()
    release = Release.objects.get(prompt__business=dana.business)
    assert page.redirect_chain[-1][0] == release_url(release.pk)
    assert dana.live is not None
    assert (dana.live.text, dana.live.greeting) == ("You are {{ agent_name }}.\nBe kind.", "Hello.")
    assert (dana.live.author_name, dana.live.note) == ("dana", "Spring offer")
    assert current_versions(dana.business)[Direction.OUTBOUND] is None
    assert not PromptDraft.objects.exists()


def test_the_difference_is_shown_word_by_word(dana: Writer) -> None:
    publish_text(dana.business, "We close at 17:00 today.", greeting="Hello.")
    dana.open()
    text = dana.write(then="review", text="We close at 18:00 today.").text
    assert '<del dir="auto">17:00</del><ins dir="auto">18:00</ins> today.' in text
    assert "24 characters become 24" in text


def test_nothing_in_a_text_becomes_markup_and_hidden_signs_are_seen(dana: Writer) -> None:
    dana.open()
    text = dana.write(then="review", text="<b>x</b>\u202e & y").text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert '<mark class="va-sign" title="U+202E RIGHT-TO-LEFT OVERRIDE">U+202E</mark> &amp;' in text


def test_a_line_end_that_came_is_seen(dana: Writer) -> None:
    publish_text(dana.business, "One.\n\nTwo.", greeting="Hello.")
    dana.open()
    assert '<ins dir="auto">↵\n</ins>' in dana.write(then="review", text="One.\n\n\nTwo.").text


def test_a_block_keeps_from_publishing_and_its_repair_is_one_press(dana: Writer) -> None:
    dana.open()
    page = dana.write(then="review", text="Be kind.\u202e {{ busines_name }}")
    assert "Mend first what is named above" in page.text
    for point in page.context["blocking"]:
        reason = {"repair": point.key, "note": "A reason in the making", "edition": dana.edition}
        page = dana.client.post(dana.url("review"), reason, follow=True)
    assert page.context["blocking"] == []
    assert page.context["form"]["note"].value() == "A reason in the making"
    assert dana.draft is not None
    assert dana.draft.text == "Be kind. {{ business_name }}"


def test_a_repair_in_the_editor_keeps_what_was_typed_since(dana: Writer) -> None:
    dana.open()
    page = dana.write(text="One.\u200b")
    [point] = [one for one in page.context["points"] if one.finding.blocks]
    dana.client.post(dana.url(), dana.typed(text="One.\u200b Two.", repair=point.key))
    assert dana.draft is not None
    assert dana.draft.text == "One. Two."


def test_a_key_of_no_finding_changes_nothing(dana: Writer) -> None:
    dana.open()
    dana.write(text="One.")
    dana.client.post(dana.url("review"), {"repair": "x", "edition": dana.edition})
    assert dana.draft is not None
    assert dana.draft.text == "One."


def test_a_block_holds_against_a_post_too_and_the_reason_stays(dana: Writer) -> None:
    dana.open()
    dana.write(text="{{ nobody }}", greeting="<<<")
    page = dana.publish(note="My long reason")
    assert "Nothing was published yet." in page.text
    assert "is no placeholder" in str(page.context["form"].errors)
    assert page.context["form"]["note"].value() == "My long reason"
    assert dana.live is None


def test_warnings_are_shown_and_do_not_hinder(dana: Writer) -> None:
    publish_text(dana.business, "The same rules.", direction=Direction.OUTBOUND)
    dana.open()
    page = dana.write(then="review", text="The same rules.", greeting="")
    assert [one.finding.code for one in page.context["warnings"]] == [
        "no_greeting",
        "same_as_other",
    ]
    dana.publish()
    assert dana.live is not None


def test_a_reason_is_required_and_asked_for_at_its_field(dana: Writer) -> None:
    dana.open()
    dana.write(note="")
    page = dana.publish(note=" ")
    assert list(page.context["form"].errors) == ["note"]
    assert dana.live is None


@pytest.mark.parametrize("apply", ["live", "new_calls"])
def test_the_person_says_which_calls_get_it(
    dana: Writer, apply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.look(), "live_calls", lambda pk, direction: 2)
    dana.open()
    page = dana.write(then="review")
    assert page.context["form"]["apply"].value() == "live"
    text = " ".join(page.text.split())
    assert "2 calls in progress get it now, each at its next turn to speak." in text
    assert "2 calls in progress stay as they are to their end." in text
    dana.publish(apply=apply)
    assert Release.objects.get(prompt__business=dana.business).apply == apply


def test_only_the_reviewed_edition_is_published(dana: Writer) -> None:
    dana.open()
    dana.write(text="Reviewed.")
    reviewed = dana.edition
    dana.write(text="Typed since.")
    page = dana.publish(edition=reviewed, note="Mine")
    assert "You changed the draft in another window." in page.text
    assert page.context["form"]["edition"].value() == str(dana.edition)
    assert page.context["form"]["note"].value() == "Mine"
    assert "Typed since." in page.text
    assert dana.live is None


def test_words_that_are_live_already_are_not_published_again(dana: Writer) -> None:
    publish_text(dana.business, "The same.", greeting="Hello.")
    dana.open()
    dana.write(text="The same.", note="Why")
    before = AuditEntry.objects.count()
    assert "these words are live already" in dana.publish().text
    assert AuditEntry.objects.count() == before
    assert dana.draft is None


def test_without_a_draft_there_is_nothing_to_review(dana: Writer) -> None:
    assert "There is nothing to review" in dana.open("review").text


def test_the_lines_of_the_note_become_one_reason_of_the_same_length(dana: Writer) -> None:
    note = "Line one\nline two" + "." * (REASON_LIMIT - 17)
    assert 'maxlength="1000"' in str(dana.open().context["form"]["note"])
    page = dana.write(note=note, then="review")
    reason = page.context["form"]["note"].value()
    assert reason.startswith("Line one line two.")
    dana.publish(note=reason)
    assert dana.live is not None
    assert dana.live.note == note.replace("\n", " ")
