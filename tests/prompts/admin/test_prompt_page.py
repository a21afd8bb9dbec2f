"""Writing, publishing and taking back on the pages of a business."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prompts.admin.pages.release import release_url
from prompts.domain.kinds import Apply, Direction
from prompts.models import AuditEntry, Business, PromptVersion, Release
from prompts.selectors import current_versions
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business(agent_name="Ada")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def page(business: Business, direction: str = "inbound") -> str:
    return reverse("admin:prompts_business_prompt", args=[business.pk, direction])


def typed(**changes: str) -> dict[str, str]:
    words = {
        "text": "You are {{ agent_name }}.\r\nBe kind.",
        "greeting": "Hello.",
        "note": "Spring offer",
        "base": "",
        "apply": Apply.LIVE.value,
    }
    return words | changes


def live(business: Business, direction: Direction = Direction.INBOUND) -> PromptVersion:
    version = current_versions(business)[direction]
    assert version
    return version


def test_publishing_puts_the_typed_words_in_force(staff: Client, business: Business) -> None:
    response = staff.post(page(business), typed(), follow=True)
    assert "Live now. No calls in progress; the next call uses it." in response.text
    version = live(business)
    assert (version.text, version.greeting) == ("You are {{ agent_name }}.\nBe kind.", "Hello.")
    assert (version.author_name, version.note) == ("dana", "Spring offer")
    assert current_versions(business)[Direction.OUTBOUND] is None


def test_a_base_that_is_no_number_is_told_in_a_sentence(staff: Client, business: Business) -> None:
    for base in ("x", "-1", "9" * 30):
        text = staff.post(page(business), typed(base=base)).text
        assert "This page no longer knows which version it started from." in text


def test_publishing_leads_to_the_page_of_the_release(staff: Client, business: Business) -> None:
    words = typed(apply=Apply.NEW_CALLS.value)
    response = staff.post(page(business, "outbound"), words, follow=True)
    release = Release.objects.get(prompt__business=business)
    assert response.redirect_chain[-1][0] == release_url(release.pk)
    assert "Published v1" in response.text
    assert "New calls only" in response.text
    assert release.apply == Apply.NEW_CALLS


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    staff: Client, business: Business
) -> None:
    words = typed(text="Hello {{ nobody }}", greeting="Hi {{ website }}", note=" ")
    response = staff.post(page(business), words)
    form = response.context["form"]
    assert set(form.errors) == {"text", "greeting", "note"}
    assert "{{ nobody }} is no placeholder" in str(form.errors["text"])
    assert "Hello {{ nobody }}" in response.text
    assert "Hi {{ website }}" in response.text
    assert current_versions(business)[Direction.INBOUND] is None


def test_a_stale_base_loses_nothing_and_a_second_press_publishes(
    staff: Client, business: Business
) -> None:
    publish_text(business, "First.")
    opened = staff.get(page(business)).context["form"]["base"].value()
    publish_text(business, "Somebody else's.")
    response = staff.post(page(business), typed(text="Mine.", base=str(opened)))
    assert "Somebody else published v2 meanwhile" in str(response.context["form"].errors["text"])
    assert "Mine." in response.text
    assert live(business).text == "Somebody else's."
    again = typed(text="Mine.", base=response.context["form"]["base"].value())
    staff.post(page(business), again)
    assert live(business).text == "Mine."


def test_words_that_are_live_already_are_not_published_again(
    staff: Client, business: Business
) -> None:
    publish_text(business, "The same.")
    same = typed(text="The same.", greeting="", base="1")
    response = staff.post(page(business), same, follow=True)
    assert "these words are live already" in response.text
    assert live(business).number == 1


def test_the_form_opens_with_the_live_words(staff: Client, business: Business) -> None:
    publish_text(business, "As it is.", greeting="Good day.")
    form = staff.get(page(business)).context["form"]
    assert form["text"].value() == "As it is."
    assert form["greeting"].value() == "Good day."
    assert form["base"].value() == 1


@pytest.mark.parametrize(
    "text", ["שלום, מדברים מ-Bakery 😀", "<b>&amp; 'quotes' “x”", "  lead\n\nx"]
)
def test_text_comes_back_as_it_was_typed(staff: Client, business: Business, text: str) -> None:
    staff.post(page(business), typed(text=text))
    assert live(business).text == text


def test_a_version_has_a_page_of_its_own(staff: Client, business: Business) -> None:
    version = publish_text(business, "Line one.\n<script>alert(1)</script>")
    publish_text(business, "Newer.")
    response = staff.get(reverse("admin:prompts_promptversion_text", args=[version.pk]))
    assert "Line one.\n&lt;script&gt;" in response.text
    assert "Not live" in response.text
    assert version.sha256[:12] in response.text


def test_the_version_list_needs_no_more_queries_when_it_grows(
    staff: Client, business: Business
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staff.get(page(business))
        return len(queries)

    publish_text(business, "v1")
    publish_text(business, "v2")
    few = count()
    for number in range(3, 40):
        publish_text(business, f"v{number}")
    assert count() == few
    assert "v39" in staff.get(page(business)).text
    assert "v1<" in staff.get(f"{page(business)}?p=2").text


def test_taking_back_asks_once_and_shows_the_text_that_returns(
    staff: Client, business: Business
) -> None:
    publish_text(business, "The good one.")
    publish_text(business, "The bad one.")
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    assert url in staff.get(page(business)).text
    asked = staff.get(url)
    assert "The good one." in asked.text
    assert asked.context["form"]["reason"].value() == "Take back v2"
    response = staff.post(url, {"reason": "Wrong price", "base": "2"}, follow=True)
    assert "Taken back: v2. v1 is live again" in response.text
    assert live(business).text == "The good one."
    entry = AuditEntry.objects.get(action="prompt.taken_back")
    assert (entry.reason, entry.actor_name) == ("Wrong price", "dana")


def test_taking_back_asks_again_when_somebody_published_meanwhile(
    staff: Client, business: Business
) -> None:
    for text in ("One.", "Two.", "Three."):
        publish_text(business, text)
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    response = staff.post(url, {"reason": "My words", "base": "2"})
    assert "v3 is live now: decide again." in response.text
    assert "My words" in response.text
    assert response.context["form"]["base"].value() == "3"
    assert live(business).text == "Three."


def test_the_first_version_cannot_be_taken_back(staff: Client, business: Business) -> None:
    publish_text(business, "The only one.")
    url = reverse("admin:prompts_business_take_back", args=[business.pk, "inbound"])
    assert url not in staff.get(page(business)).text
    response = staff.get(url, follow=True)
    assert "There is no version before this one" in response.text
