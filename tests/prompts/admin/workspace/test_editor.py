"""The editor: what it shows, what it keeps, and for whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import Call
from prompts.admin import window
from prompts.admin.outcomes.titles import release_url
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, Release
from prompts.services.draft import NO_DRAFT, offer_draft
from prompts.services.platform import publish_platform
from prompts.services.settings import change_settings
from prompts.services.slots import Text
from prompts.services.take_back import take_back
from tests.factories import make_business, make_member, make_user, publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_it_opens_with_the_live_words_and_no_draft(dana: Writer) -> None:
    publish_text(dana.business, "As it is.", greeting="Good day.")
    page = dana.open()
    form = page.context["form"]
    assert (form["text"].value(), form["greeting"].value()) == ("As it is.", "Good day.")
    assert (form["base"].value(), form["edition"].value()) == (1, NO_DRAFT)
    assert "No draft" in page.text


def test_what_was_typed_is_there_again_in_the_next_window(dana: Writer) -> None:
    text = "  {{ nobody }} <b>&amp; 'x' “y”</b>\nשלום 😀 \n"
    dana.open()
    dana.write(text=text.replace("\n", "\r\n"), greeting="היי", note="כי ככה")
    form = Writer(dana.business, dana.person).open().context["form"]
    assert form["text"].value() == text
    assert (form["greeting"].value(), form["note"].value()) == ("היי", "כי ככה")


def test_looking_and_pressing_save_makes_no_draft(dana: Writer) -> None:
    publish_text(dana.business, "As it is.", greeting="Good day.")
    dana.open()
    dana.write(text="As it is.", greeting="Good day.", note="")
    assert dana.draft is None


def test_what_cannot_be_kept_is_told_at_its_field_and_stays_in_the_form(dana: Writer) -> None:
    dana.open()
    page = dana.write(text="a\x00b and much more")
    assert "U+0000 NULL" in str(page.context["form"].errors["text"])
    assert "b and much more" in page.text


@pytest.mark.parametrize("lost", ["x", "", "-1", "9" * 30])
def test_a_page_that_lost_its_draft_says_so(dana: Writer, lost: str) -> None:
    dana.open()
    page = dana.write(edition=lost)
    assert "This page no longer knows which draft it showed" in page.text
    assert "Be kind." in page.text


def test_the_strip_says_what_is_live_and_how_much_of_a_draft_there_is(
    dana: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_text(dana.business, "One.\nTwo.", actor=dana.person)
    dana.open()
    dana.write(text="One!\nTwo.\nThree.", greeting="")
    monkeypatch.setattr(window.look(), "live_calls", lambda pk, direction: 2)
    text = " ".join(dana.open().text.split())
    assert "Live: v1" in text
    assert "by <bdi>dana</bdi>" in text
    assert "Draft: 2 changes" in text
    assert "2 calls in progress." in text


def test_the_strip_is_renewed_while_the_page_stays_open(
    dana: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_text(dana.business, "One.", actor=dana.person)
    assert f'data-poll="{dana.url("strip")}"' in dana.open().text
    publish_text(dana.business, "Two.", actor=dana.person)
    monkeypatch.setattr(window.look(), "live_calls", lambda pk, direction: 1)
    parts = dana.client.get(dana.url("strip")).text.split("data-part=")
    assert "Live: v2" in next(one for one in parts if one.startswith('"live"'))
    assert "1 call in progress." in next(one for one in parts if one.startswith('"calls"'))


def test_the_strip_tells_of_an_empty_slot_a_pause_and_the_platform(dana: Writer) -> None:
    assert "Nothing is live in this direction." in dana.open().text
    publish_text(dana.business)
    assert "platform&#x27;s texts changed" not in dana.open().text
    publish_platform(direction=None, text="Be brief.", base=1, note="Shorter", actor=None)
    change_settings(business=dana.business, changes={"paused": True}, actor=None, reason="Lunch")
    text = dana.open().text
    assert "The agent is paused" in text
    assert "The platform's texts changed since: v2" in text
    assert "Shorter" in text


def test_each_direction_has_a_draft_of_its_own(dana: Writer) -> None:
    other = Writer(dana.business, dana.person, Direction.OUTBOUND)
    dana.write(text="In.")
    other.write(text="Out.")
    assert dana.open().context["form"]["text"].value() == "In."
    assert other.open().context["form"]["text"].value() == "Out."


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("he", "", "rtl"),
        ("he", "שלום", "rtl"),
        ("he", "Hello", "ltr"),
        ("en", "", "ltr"),
        ("ar", "مرحبا", "rtl"),
    ],
)
def test_the_text_stands_on_its_own_side(language: str, text: str, side: str) -> None:
    writer = Writer(make_business(language=language), make_user("noa"))
    writer.write(text=text, greeting="")
    field = writer.open().context["form"]["text"]
    assert field.field.widget.attrs["dir"] == side


def test_placeholders_show_what_callers_hear_and_which_are_empty(dana: Writer) -> None:
    text = dana.open().text
    assert 'data-insert="{{ agent_name }}"' in text
    assert "Ada" in text
    assert 'data-insert="{{ website }}"' not in text
    assert "empty: fill it in" in text


def test_the_opening_is_shown_as_calls_will_get_it(dana: Writer) -> None:
    dana.write(text="You are {{ agent_name }}.", greeting="Hello from {{ business_name }}.")
    opening = dana.open().context["opening"]
    assert "Say exactly these words" in opening
    assert "Hello from Bloom & Stem." in opening
    assert "You are Ada." in opening


def test_the_versions_stand_beside_with_the_calls_that_each_served(dana: Writer) -> None:
    for text in ("One.", "Two."):
        publish_text(dana.business, text, actor=dana.person)
    for number, version in enumerate((1, 1, 2)):
        call = {"direction": "inbound", "started_at": "2026-11-20T10:00Z", "version": version}
        Call.objects.create(sid=f"CA{number}", business=dana.business, **call)
    other = {"direction": "outbound", "started_at": "2026-11-20T10:00Z", "version": 1}
    Call.objects.create(sid="CA9", business=dana.business, **other)
    rows = dana.open().context["history"].rows
    assert [(row.version.number, row.calls, row.is_live) for row in rows] == [
        (2, 1, True),
        (1, 2, False),
    ]


def test_the_list_of_versions_needs_no_more_queries_when_it_grows(dana: Writer) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            dana.open()
        return len(queries)

    for number in range(1, 4):
        publish_text(dana.business, f"v{number}")
    few = count()
    for number in range(4, 40):
        publish_text(dana.business, f"v{number}")
    assert count() == few
    assert [row.version.number for row in dana.open().context["history"].rows][:1] == [39]
    second = dana.client.get(f"{dana.url()}?p=2").context["history"].rows
    assert second[-1].version.number == 1


def test_releases_of_the_platform_stand_among_the_versions(dana: Writer) -> None:
    publish_platform(direction=None, text="Before.", base=1, note="Before them", actor=None)
    late = make_business("Late")
    publish_text(dana.business, "One.")
    root = make_user("root")
    for direction in (None, Direction.OUTBOUND):
        base = 1 if direction else 2
        publish_platform(
            direction=direction, text="Be brief.", base=base, note="Shorter", actor=root
        )
    take_back(business=None, direction=None, base=3, reason="Too short", actor=root)
    publish_text(dana.business, "Two.")

    def shown(writer: Writer) -> list[str]:
        rows = writer.open().context["history"].rows
        return [row.title if hasattr(row, "title") else f"v{row.version.number}" for row in rows]

    back, brief = (
        "Taken back from every business: v3. v2 is live again",
        "Published v3 to every business",
    )
    assert shown(dana) == ["v2", back, brief, "v1", "Published v2 to every business"]
    outbound = Writer(dana.business, dana.person, Direction.OUTBOUND)
    assert "Published v2 to every business" in shown(outbound)[1]
    assert shown(Writer(late, dana.person)) == [back, brief]
    assert "Too short" in dana.open().text


def test_only_superusers_are_led_from_there_to_the_platform(dana: Writer) -> None:
    publish_platform(direction=None, text="Be brief.", base=1, note="Shorter", actor=None)
    page = release_url(Release.objects.latest("pk").pk)
    viewer = Writer(dana.business, make_member(dana.business, Role.VIEWER))
    assert "Shorter" in viewer.open().text
    assert page not in viewer.open().text
    assert page in dana.open().text


def test_a_long_history_of_the_platform_is_turned_over_with_the_versions(dana: Writer) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            dana.open()
        return len(queries)

    def grow(numbers: range) -> None:
        for number in numbers:
            publish_text(dana.business, f"Text {number}.")
            text = f"For everybody, {number}."
            publish_platform(direction=None, text=text, base=number, note="Why", actor=None)

    grow(range(1, 3))
    few = count()
    grow(range(3, 19))
    assert count() == few
    assert len(dana.open().context["history"].rows) == 25
    second = dana.client.get(f"{dana.url()}?p=2").context["history"].rows
    assert [len(second), second[-1].version.number] == [11, 1]


def test_others_who_write_are_named_and_their_drafts_can_be_read(
    dana: Writer, omer: Writer
) -> None:
    omer.write(text="Omer's idea.", greeting="")
    assert omer.draft is not None
    assert dana.url("copy", omer.draft.pk) in dana.open().text
    page = dana.open("copy", omer.draft.pk)
    assert "Omer&#x27;s idea." in page.text
    dana.client.post(dana.url("copy", omer.draft.pk), {"edition": dana.edition})
    assert dana.draft is not None
    assert dana.draft.text == omer.draft.text == "Omer's idea."


def test_a_text_that_waits_is_offered_until_somebody_takes_it(dana: Writer, omer: Writer) -> None:
    offer_draft(
        business=dana.business,
        direction=Direction.INBOUND,
        words=Text("From the old system."),
        note="Imported",
    )
    assert dana.url("take") in dana.open().text
    assert "From the old system." in dana.open("take").text
    dana.client.post(dana.url("take"), {"edition": dana.edition})
    assert dana.open().context["form"]["text"].value() == "From the old system."
    assert omer.url("take") not in omer.open().text
    late = omer.client.post(omer.url("take"), {"edition": 0}, follow=True)
    assert "Somebody else has taken up the text" in late.text


def test_a_viewer_reads_and_an_editor_writes(business: Business) -> None:
    publish_text(business, "As it is.")
    viewer = Writer(business, make_member(business, Role.VIEWER, username="viewer"))
    page = viewer.open()
    assert "As it is." in page.text
    assert "readonly" in page.text
    assert "Review & publish" not in page.text
    assert viewer.write(follow=False).status_code == 403
    assert viewer.autosave().status_code == 403
    editor = Writer(business, make_member(business, Role.EDITOR, username="editor"))
    editor.open()
    assert editor.write(follow=False).status_code == 302


def test_other_businesses_are_not_there(business: Business) -> None:
    stranger = Writer(business, make_member(make_business("Other"), Role.OWNER))
    for name in ("prompt", "autosave", "preview", "review", "conflict", "discard", "take"):
        assert stranger.client.get(stranger.url(name)).status_code == 404
        assert stranger.client.post(stranger.url(name)).status_code == 404


def test_a_draft_of_another_slot_or_person_is_not_there(dana: Writer, omer: Writer) -> None:
    out = Writer(dana.business, omer.person, Direction.OUTBOUND)
    out.write(text="Out.")
    dana.write(text="Mine.")
    assert out.draft is not None
    assert dana.draft is not None
    for pk in (out.draft.pk, dana.draft.pk):
        assert dana.client.get(dana.url("copy", pk)).status_code == 404


@pytest.mark.parametrize("page", ["prompt", "preview"])
def test_the_zone_of_the_times_is_named(dana: Writer, page: str) -> None:
    assert f'zone <bdi dir="ltr">{dana.business.time_zone}</bdi>' in dana.open(page).text
