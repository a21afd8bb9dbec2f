"""The desk of a platform prompt: the same pages, and every business behind them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prompts.admin import window
from prompts.admin.outcomes.release import release_url
from prompts.admin.workspace import preview
from prompts.admin.workspace.sampling import SAMPLE
from prompts.domain.context import call_context
from prompts.domain.kinds import Direction
from prompts.domain.layers import compose
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, PromptDraft, Release
from prompts.selectors import read_wording
from prompts.services.platform import publish_platform
from tests.factories import make_business, make_member, make_user, publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PLACES = pytest.mark.parametrize("direction", [None, *Direction])
NEEDED = "May publish platform prompts"


@pytest.fixture
def root() -> Writer:
    return Writer(None, make_user("root"), None)


@pytest.fixture
def reader() -> Writer:
    """A superuser to whom nobody gave the permission."""
    return Writer(None, User.objects.create_superuser("reader"), None)


def publish(text: str, base: int, direction: Direction | None = None) -> None:
    actor = User.objects.filter(username="omer").first() or make_user("omer")
    publish_platform(direction=direction, text=text, base=base, note="Shorter", actor=actor)


def said(response: object) -> str:
    """The words of a page with plain spaces."""
    return " ".join(response.text.split())  # type: ignore[attr-defined]


@PLACES
def test_from_the_editor_to_every_business_in_two_presses(direction: Direction | None) -> None:
    businesses = [make_business(f"Business {number}") for number in range(3)]
    root = Writer(None, make_user("root"), direction)
    root.open()
    review = root.write(then="review", text="Be kind at {{ business_name }}.\r\nBe brief.")
    assert "This reaches the calls of all 3 businesses." in said(review)
    assert "Publish to every business" in review.text
    page = root.publish(note="Kinder")
    release = Release.objects.filter(prompt__business=None).latest("pk")
    assert page.redirect_chain[-1][0] == release_url(release.pk)
    assert "Published v2 to every business" in page.text
    assert "<td>3</td>" in page.text
    assert root.live is not None
    assert (root.live.text, root.live.greeting) == (
        "Be kind at {{ business_name }}.\nBe brief.",
        "",
    )
    assert (release.actor, release.reason, release.apply) == (root.person, "Kinder", "live")
    assert not PromptDraft.objects.exists()
    for business in Business.objects.filter(pk__in=[one.pk for one in businesses]):
        assert (business.revision, business.platform_revision) == (2, release.revision)


def test_the_editor_has_no_first_sentence_and_only_what_every_business_has(root: Writer) -> None:
    page = root.open()
    assert "greeting" not in page.context["form"].fields
    assert [chip.written for chip in page.context["chips"]] == ["{{ business_name }}"]
    assert "id_greeting" not in page.text
    assert "The opening, as it will be used" not in page.text
    assert not [one for one in page.context["points"] if one.finding.code == "no_greeting"]
    assert [(tab.label, tab.is_shown) for tab in page.context["tabs"]] == [
        ("Every call", True),
        ("Customers call us", False),
        ("We call customers", False),
    ]


def test_what_is_typed_is_saved_and_there_again_in_the_next_window(root: Writer) -> None:
    root.open()
    answer = root.autosave(text="Be kind {{ website }}.").json()
    assert answer["saved"].startswith("Saved ")
    assert "{{ <bdi>website</bdi> }} is no placeholder" in answer["points"]
    again = Writer(None, root.person, None).open()
    assert again.context["form"]["text"].value() == "Be kind {{ website }}."
    assert PromptDraft.objects.get().greeting == ""


def test_each_prompt_and_each_person_has_a_draft_of_its_own(root: Writer) -> None:
    other = Writer(None, make_user("omer"), None)
    inbound = Writer(None, root.person, Direction.INBOUND)
    for writer, text in ((root, "One."), (other, "Two."), (inbound, "Three.")):
        writer.write(text=text)
    assert [one.draft and one.draft.text for one in (root, other, inbound)] == [
        "One.",
        "Two.",
        "Three.",
    ]
    assert root.url("copy", other.draft.pk) in root.open().text  # type: ignore[union-attr]
    assert "Two." in root.open("copy", other.draft.pk).text  # type: ignore[union-attr]


def test_the_difference_against_live_is_shown_word_by_word(root: Writer) -> None:
    publish("We speak slowly today.", base=1)
    root.open()
    page = root.write(then="review", text="We speak quickly today.")
    assert '<del dir="auto">slowly</del><ins dir="auto">quickly</ins> today.' in page.text
    assert "What changes against v2" in page.text
    assert "First sentence" not in page.text


@pytest.mark.parametrize("apply", ["live", "new_calls"])
def test_the_calls_of_everybody_are_counted_and_chosen(
    root: Writer, apply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def live_calls(pk: int | None, direction: Direction | None) -> int:
        asked.append((pk, direction))
        return 7

    monkeypatch.setattr(window.look(), "live_calls", live_calls)
    writer = Writer(None, root.person, Direction.OUTBOUND)
    writer.open()
    text = said(writer.write(then="review"))
    assert "7 calls in progress get it now, each at its next turn to speak." in text
    assert "7 calls in progress stay as they are to their end." in text
    writer.publish(apply=apply)
    assert Release.objects.latest("pk").apply == apply
    assert set(asked) == {(None, Direction.OUTBOUND)}


def test_a_reason_is_required_and_a_block_holds(root: Writer) -> None:
    root.open()
    root.write(text="Be kind.", note="")
    assert list(root.publish(note=" ").context["form"].errors) == ["note"]
    root.write(text="{{ agent_name }}")
    page = root.publish(note="My long reason")
    assert "is no placeholder" in str(page.context["form"].errors)
    assert page.context["form"]["note"].value() == "My long reason"
    assert root.live is not None
    assert root.live.number == 1


@pytest.fixture
def overtaken(root: Writer) -> Writer:
    """Somebody on whose base another superuser has published meanwhile."""
    root.open()
    root.write(text="Mine.")
    publish("Theirs.", base=1)
    return root


def test_a_base_that_moved_is_told_everywhere_and_both_texts_are_shown(overtaken: Writer) -> None:
    for name in ("prompt", "review"):
        text = overtaken.open(name).text
        assert "published v2 while you were writing" in text
        assert overtaken.url("conflict") in text
    page = overtaken.open("conflict")
    assert "<bdi>omer</bdi> put v2 in force" in page.text
    assert (page.context["mine"].text, page.context["theirs"].text) == ("Mine.", "Theirs.")
    assert "va-mine-greeting" not in page.text


@pytest.mark.parametrize(("choice", "live"), [("mine", (3, "Mine.")), ("theirs", (2, "Theirs."))])
def test_one_of_the_two_goes_on(overtaken: Writer, choice: str, live: tuple[int, str]) -> None:
    page = overtaken.publish()
    assert page.redirect_chain[-1][0] == overtaken.url("conflict")
    values = {"choice": choice, "onto": 2, "edition": overtaken.draft.edition}  # type: ignore[union-attr]
    overtaken.client.post(overtaken.url("conflict"), values)
    if choice == "mine":
        overtaken.open("review")
        overtaken.publish()
    assert overtaken.draft is None
    assert overtaken.live is not None
    assert (overtaken.live.number, overtaken.live.text) == live


def test_two_windows_of_one_person_lose_nothing(root: Writer) -> None:
    phone, desktop = root, Writer(None, root.person, None)
    for window_ in (phone, desktop):
        window_.open()
    phone.write(text="From the phone.")
    desktop.edition = 0
    page = desktop.write(text="From the desktop.", note="Why")
    assert page.context["mine"].text == "From the desktop."
    desktop.client.post(desktop.url(), page.context["keep_fields"])
    assert root.draft is not None
    assert (root.draft.text, root.draft.note) == ("From the desktop.", "Why")


def test_the_versions_stand_beside_and_an_old_one_comes_back_by_review(root: Writer) -> None:
    publish("Two.", base=1)
    page = root.open()
    rows = page.context["history"].rows
    assert [(row.version.number, row.calls, row.is_live) for row in rows] == [
        (2, None, True),
        (1, None, False),
    ]
    assert "omer" in page.text
    assert "Shorter" in page.text
    assert "calls served" not in page.text
    old = root.open("restore", 1)
    assert "Restore v1?" in old.text
    root.client.post(root.url("restore", 1), {"edition": root.edition})
    root.open("review")
    page = root.publish(note="Restore v1")
    assert "Restored as v3 for every business" in page.text
    assert AuditEntry.objects.latest("pk").action == "platform.restored"


def test_one_confirmation_takes_it_back_from_every_business(
    root: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    businesses = [make_business(f"Business {number}") for number in range(2)]
    publish("A mistake.", base=1)
    release = Release.objects.latest("pk")
    for address in (root.url(), release_url(release.pk)):
        assert root.url("take_back") in root.client.get(address).text
    monkeypatch.setattr(window.look(), "live_calls", lambda pk, direction: 5)
    page = root.open("take_back")
    assert "Take back v2 from every business?" in page.text
    assert "v1 is live again at once, in the calls of all 2 businesses." in said(page)
    assert "5 calls in progress get it too." in page.text
    form = page.context["form"]
    assert form["reason"].value() == "Take back v2"
    page = root.client.post(
        root.url("take_back"), {"reason": "Take back v2", "base": form["base"].value()}, follow=True
    )
    assert "Taken back from every business: v2. v1 is live again" in page.text
    assert root.live is not None
    assert root.live.number == 1
    for business in businesses:
        business.refresh_from_db()
        assert business.revision == 3
    assert "There is no version before this one" in root.open("take_back").text


def test_taking_back_what_somebody_else_has_replaced_asks_again(root: Writer) -> None:
    publish("Two.", base=1)
    publish("Three.", base=2)
    page = root.client.post(root.url("take_back"), {"reason": "Wrong", "base": 2})
    assert "v3 is live now: decide again." in page.text


@PLACES
def test_the_preview_is_what_a_call_of_the_chosen_business_gets(
    direction: Direction | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(preview.timezone, "now", lambda: now)
    make_business("Another")
    business = make_business("Galil", language="he")
    chosen = direction or Direction.OUTBOUND
    publish_text(business, "You are kind.", direction=chosen)
    root = Writer(None, make_user("root"), direction)
    root.open()
    root.write(text="Be brief at {{ business_name }}.")
    asked = {"business": business.pk, "direction": chosen.value}
    shown = root.client.get(root.url("preview"), asked).context
    root.publish()
    wording = read_wording(business.pk, chosen)
    context = call_context(wording, began_at=now, caller=SAMPLE)
    assert shown["instructions"].text == compose(wording, context=context).text
    assert "Be brief at Galil." in shown["instructions"].text
    own = [sheet.number for sheet in shown["sheets"] if sheet.is_own]
    assert own == [3 if direction else 1]
    assert ("direction" in shown["sample"].form.fields) == (direction is None)


def test_the_preview_begins_with_a_business_and_can_leave_the_caller_unknown(root: Writer) -> None:
    publish_text(make_business("Galil"), "You are kind.")
    page = root.open("preview")
    assert "Dana Levi" in page.context["sheets"][3].text
    unknown = root.client.get(root.url("preview"), {"caller": "unknown"})
    assert "Dana Levi" not in unknown.context["sheets"][3].text


def test_a_preview_that_cannot_be_made_says_why(root: Writer) -> None:
    assert "Choose a business" in root.open("preview").text
    business = make_business("Galil")
    address = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    empty = root.open("preview").text
    assert "<bdi>Galil</bdi> has no prompt for “<bdi>Customers call us</bdi>” yet" in empty
    assert f'<a href="{address}">Write it</a>' in empty
    publish_text(business, "You are kind.")
    wrong = root.client.get(root.url("preview"), {"business": 10**6})
    assert "Choose a business" in wrong.text
    assert wrong.context["sample"].form.errors
    root.write(text="{{ nobody }}")
    assert "No call could be given this text yet." in root.open("preview").text


def test_whoever_has_no_permission_reads_everything_and_writes_nothing(reader: Writer) -> None:
    publish("Two.", base=1)
    page = reader.open()
    assert "readonly" in page.text
    for words in ("Review & publish", "Take back", "Restore", "Save the draft"):
        assert words not in page.text
    assert reader.open("preview").status_code == 200
    for name in ("review", "conflict", "discard", "take_back"):
        for answer in (reader.client.get(reader.url(name)), reader.client.post(reader.url(name))):
            assert answer.status_code == 403
            assert NEEDED in answer.text
    for answer in (reader.write(), reader.open("restore", 1)):
        assert answer.status_code == 403
        assert NEEDED in answer.text
    refused = reader.autosave()
    assert (refused.status_code, NEEDED in refused.json()["detail"]) == (403, True)
    assert not PromptDraft.objects.exists()
    release = release_url(Release.objects.latest("pk").pk)
    assert reader.url("take_back") not in reader.client.get(release).text


def test_roles_in_a_business_open_nothing_here() -> None:
    owner = Writer(None, make_member(make_business(), *Role), None)
    for name in ("prompt", "preview", "review", "conflict", "discard", "take_back"):
        for answer in (owner.client.get(owner.url(name)), owner.client.post(owner.url(name))):
            assert answer.status_code == 403
            assert "only superusers" in answer.text or NEEDED in answer.text
    assert owner.autosave().status_code == 403
    assert Client().get(owner.url()).status_code == 302
