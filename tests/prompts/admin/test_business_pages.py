"""The list of businesses, the page of one with its checklist, and what can be changed there."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from calls.models import Call
from calls.services import record_refusal
from prompts.models import AuditEntry, Business, PhoneNumber
from prompts.services.settings import change_settings, pause
from tests.factories import make_business, make_number, make_user, publish_text

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(number=make_number())


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def url(name: str, business: Business, *more: object) -> str:
    return reverse(f"admin:prompts_business_{name}", args=[business.pk, *more])


def test_the_list_says_what_a_caller_meets(staff: Client, business: Business) -> None:
    publish_text(make_business("Answering"))
    resting = make_business("Resting")
    publish_text(resting)
    pause(business=resting, actor=None, reason="Holiday")
    make_business("Gone", is_active=False)
    text = staff.get(reverse("admin:prompts_business_changelist")).text
    for words in ("Answers", "Paused", "Empty slot: no inbound prompt", "Switched off"):
        assert words in text


def test_the_list_asks_as_often_for_many_businesses_as_for_few(staff: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("admin:prompts_business_changelist"))
        return len(queries)

    make_business("One", number=make_number())
    few = count()
    for number in range(12):
        make_business(f"No. {number}", number=make_number())
    assert count() == few


def test_an_empty_inbound_slot_is_a_red_banner(staff: Client, business: Business) -> None:
    sentence = "Calls from customers are not answered by the agent: no inbound prompt is published."
    for page in (url("change", business), url("prompt", business, "inbound")):
        assert f'va-banner-wrong" role="alert">{sentence}' in staff.get(page).text
    publish_text(business)
    assert sentence not in staff.get(url("change", business)).text


def test_an_empty_outbound_slot_is_a_red_banner_once_such_calls_come(
    staff: Client, business: Business
) -> None:
    sentence = "Calls to customers are not spoken by the agent: no outbound prompt is published."
    assert sentence not in staff.get(url("change", business)).text
    Call.objects.create(sid="CA1", business=business, direction="outbound", started_at=NOW)
    text = staff.get(url("change", business)).text
    assert f"{sentence} A call of this kind came on Nov. 20, 2026, 2:05 p.m. (UTC)" in text


def test_the_checklist_shows_addresses_webhooks_and_refusals(
    staff: Client, business: Business
) -> None:
    text = staff.get(url("change", business)).text
    assert "None yet." in text
    assert f"http://127.0.0.1:8000/twiml/incoming/{business.pk}" in text
    assert f"http://127.0.0.1:8000/twiml/outbound/{business.pk}" in text
    assert "data-copy" in text
    Call.objects.create(sid="CA1", business=business, direction="inbound", started_at=NOW)
    for number in range(12):
        record_refusal(
            business_id=business.pk, path="/twiml/incoming/1", cause=f"Cause {number}.", at=NOW
        )
    response = staff.get(url("change", business))
    assert "Nov. 20, 2026, 2:05 p.m. (UTC)" in response.text
    assert [one.cause for one in response.context["refusals"]] == [
        f"Cause {number}." for number in range(11, 1, -1)
    ]


def test_times_are_told_in_the_zone_of_the_business(staff: Client) -> None:
    business = make_business("Galil", time_zone="Asia/Jerusalem")
    Call.objects.create(sid="CA1", business=business, direction="inbound", started_at=NOW)
    assert "Nov. 20, 2026, 4:05 p.m. (Asia/Jerusalem)" in staff.get(url("change", business)).text


def test_a_business_is_made_and_its_page_says_what_it_needs(staff: Client) -> None:
    details = {"name": "New Bakery", "language": "en", "time_zone": "UTC", "is_active": "on"}
    response = staff.post(reverse("admin:prompts_business_add"), details, follow=True)
    assert "New Bakery is saved." in response.text
    assert "No number is saved." in response.text
    assert AuditEntry.objects.get(action="business.created", actor_name="dana")


def test_wrong_details_stay_on_the_form(staff: Client, business: Business) -> None:
    details = {"name": "Renamed", "language": "english", "time_zone": "Mars", "is_active": "on"}
    response = staff.post(url("details", business), details)
    assert set(response.context["form"].errors) == {"language", "time_zone", "reason"}
    assert "Renamed" in response.text
    business.refresh_from_db()
    assert business.name == "Bloom & Stem"


def test_a_detail_that_a_live_prompt_names_cannot_be_emptied(staff: Client) -> None:
    business = make_business(agent_name="Ada")
    publish_text(business, "You are {{ agent_name }}.")
    details = {"name": "Bloom", "agent_name": "", "language": "en", "time_zone": "UTC"}
    response = staff.post(url("details", business), {**details, "reason": "Nobody"})
    assert "so this cannot be empty" in str(response.context["form"].errors["agent_name"])


def test_changed_details_are_saved_with_their_reason(staff: Client, business: Business) -> None:
    details = {
        "name": "Bloom",
        "language": "he",
        "time_zone": "UTC",
        "is_active": "on",
        "reason": "New sign",
    }
    response = staff.post(url("details", business), details, follow=True)
    assert "Details saved" in response.text
    entry = AuditEntry.objects.get(action="business.changed")
    assert (entry.reason, entry.actor_name) == ("New sign", "dana")


@pytest.mark.parametrize(
    ("page", "sentences"),
    [
        (
            "settings",
            (
                "These wait for the next call",
                "These reach calls in progress",
                "These hold at once",
            ),
        ),
        ("details", ("time zone reach calls in progress", "switched on waits for the next call")),
        ("hours", ("All of this reaches calls in progress",)),
        ("numbers", ("A number counts from the next call on",)),
        ("add_caller", ("A call in progress with this caller gets what you save.",)),
    ],
)
def test_every_form_says_which_calls_get_what_is_saved(
    staff: Client, business: Business, page: str, sentences: tuple[str, ...]
) -> None:
    text = staff.get(url(page, business)).text
    for sentence in sentences:
        assert sentence in text


def test_every_setting_has_a_sentence_of_help(staff: Client, business: Business) -> None:
    form = staff.get(url("settings", business)).context["form"]
    assert [name for name, field in form.fields.items() if not field.help_text] == []


@pytest.mark.parametrize("page", ["details", "settings", "hours", "numbers"])
def test_every_edit_asks_a_reason(staff: Client, business: Business, page: str) -> None:
    answer = staff.post(url(page, business), {"number": make_number()})
    assert answer.context["form"].errors["reason"] == ["Say in a few words why."]
    assert not AuditEntry.objects.filter(actor_name="dana").exists()


def settings_form(staff: Client, business: Business, **changes: object) -> dict[str, object]:
    form = staff.get(url("settings", business)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in values.items() if value not in (None, False)}
    return values | changes


def test_settings_are_saved_with_a_reason(staff: Client, business: Business) -> None:
    values = settings_form(staff, business, silence_duration_ms=700, reason="Slow speakers")
    response = staff.post(url("settings", business), values, follow=True)
    assert "Settings saved" in response.text
    entry = AuditEntry.objects.get(action="settings.changed")
    assert (entry.before, entry.after) == (
        '{"silence_duration_ms":500}',
        '{"silence_duration_ms":700}',
    )
    assert entry.reason == "Slow speakers"


def test_a_new_voice_waits_for_the_next_call_and_the_page_says_so(
    staff: Client, business: Business
) -> None:
    page = staff.get(url("settings", business)).text
    assert "These wait for the next call" in page
    values = settings_form(staff, business, voice="cedar", reason="Warmer")
    response = staff.post(url("settings", business), values, follow=True)
    assert "This waits for the next call" in response.text


def test_settings_without_a_reason_or_with_wrong_values_change_nothing(
    staff: Client, business: Business
) -> None:
    values = settings_form(staff, business, fallback_number="12", threshold="7", reason="")
    response = staff.post(url("settings", business), values)
    assert set(response.context["form"].errors) >= {"fallback_number", "threshold", "reason"}
    assert not AuditEntry.objects.filter(action="settings.changed").exists()


def test_numbers_are_added_and_removed(staff: Client, business: Business) -> None:
    page = url("numbers", business)
    why = {"reason": "A second line"}
    taken = staff.post(page, {"number": business.phone_numbers.get().number, **why})
    assert "This business has" in str(taken.context["form"].errors["number"])
    bad = staff.post(page, {"number": "0501234567", **why})
    assert "Write the number with +" in str(bad.context["form"].errors["number"])
    new = {"number": " +972 (50) 123-4567 "}
    assert set(staff.post(page, new).context["form"].errors) == {"reason"}
    staff.post(page, {**new, **why})
    added = PhoneNumber.objects.get(number="+972501234567")
    remove = url("remove_number", business, added.pk)
    assert "Remove the number" in staff.get(remove).text
    assert set(staff.post(remove, {"reason": ""}).context["form"].errors) == {"reason"}
    staff.post(remove, {"reason": "Given up"})
    assert not PhoneNumber.objects.filter(pk=added.pk).exists()
    entries = AuditEntry.objects.filter(actor_name="dana").order_by("number")
    assert list(entries.values_list("action", "reason")) == [
        ("number.added", "A second line"),
        ("number.removed", "Given up"),
    ]


def test_a_number_of_another_business_is_refused_with_its_owner(
    staff: Client, business: Business
) -> None:
    number = make_number()
    make_business("Harbor Dental", number=number)
    answer = staff.post(url("numbers", business), {"number": number, "reason": "A test"})
    sentence = f"Harbor Dental has {number}. Remove it there first, then add it here."
    assert answer.context["form"].errors["number"] == [sentence]


def test_limits_are_told_in_one_sentence(staff: Client, business: Business) -> None:
    values = settings_form(
        staff,
        business,
        max_call_seconds="7",
        silence_duration_ms="9999",
        prefix_padding_ms="-1",
        idle_timeout_ms="x",
        threshold="2",
        reason="Test",
    )
    errors = staff.post(url("settings", business), values).context["form"].errors
    assert errors == {
        "max_call_seconds": ["Write a number from 30 to 3600."],
        "silence_duration_ms": ["Write a number from 100 to 5000."],
        "prefix_padding_ms": ["Write a number from 0 to 2000."],
        "idle_timeout_ms": ["Write a number from 5000 to 30000."],
        "threshold": ["Write a number from 0 to 1."],
    }


def test_settings_that_lead_nowhere_are_refused(
    staff: Client, business: Business, settings: Settings
) -> None:
    settings.MAX_CALL_SECONDS = 600
    own = business.phone_numbers.get().number
    values = settings_form(
        staff, business, fallback_number=own, max_call_seconds="900", reason="Test"
    )
    errors = staff.post(url("settings", business), values).context["form"].errors
    assert f"An agent answers {own}" in str(errors["fallback_number"])
    assert "This server ends every call after 600 seconds." in str(errors["max_call_seconds"])
    values |= {"fallback_number": "+1 (500) 555-0111", "max_call_seconds": "600"}
    staff.post(url("settings", business), values)
    business.settings.refresh_from_db()
    assert business.settings.fallback_number == "+15005550111"


def test_the_agent_is_paused_and_resumed(staff: Client, business: Business) -> None:
    change_settings(
        business=business, changes={"fallback_number": "+15005550111"}, actor=None, reason="A test"
    )
    asked = staff.get(url("pause", business)).text
    for sentence in (
        "New calls hear the fallback words",
        "put through to the fallback number <bdi>+15005550111</bdi>",
        "Calls in progress go on with the agent.",
    ):
        assert sentence in asked
    assert staff.post(url("pause", business), {"reason": ""}).context["form"].errors["reason"]
    paused = staff.post(url("pause", business), {"reason": "Holiday"}, follow=True)
    assert "The agent is paused: new calls hear the fallback words." in paused.text
    again = staff.get(url("pause", business), follow=True)
    assert "is paused already." in again.text
    resumed = staff.post(url("resume", business), {"reason": "Back"}, follow=True)
    assert "The agent answers again" in resumed.text
    actions = AuditEntry.objects.filter(actor_name="dana").order_by("pk")
    assert [entry.action for entry in actions] == ["agent.paused", "agent.resumed"]
