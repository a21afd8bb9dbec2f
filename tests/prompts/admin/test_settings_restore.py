"""The page that brings a former state of the settings back."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, BusinessHours, BusinessSettings, Revision
from prompts.past import settings_changes
from prompts.services.business import remove_phone_number
from prompts.services.hours import change_hours
from prompts.services.settings import change_settings
from tests.factories import make_business, make_member, make_number
from tests.walks.forms import own_forms

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHY = {"actor": None, "reason": "A test"}


@pytest.fixture
def business() -> Business:
    return make_business("Galil", number=make_number())


@pytest.fixture
def dana(business: Business) -> User:
    return make_member(business, Role.PUBLISHER, username="dana")


@pytest.fixture
def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


def settings(business: Business, **changes: object) -> int:
    change_settings(business=business, changes=changes, **WHY)
    return settings_changes(business)[0].number


def url(business: Business, number: int, page: str = "restore_settings") -> str:
    return reverse(f"admin:prompts_business_{page}", args=[business.pk, number])


def filled(page: HttpResponse, address: str, **typed: object) -> dict[str, object]:
    """The form as the page brings it, with what a person types."""
    (fields,) = own_forms(page.text, address)
    form = page.context["form"]
    return {**fields, "kinds": form.initial["kinds"], **typed}


def send(staff: Client, address: str, **typed: object) -> HttpResponse:
    """Open the page and press its button."""
    return staff.post(address, filled(staff.get(address), address, **typed), follow=True)


def rows(response: HttpResponse) -> list[tuple[str, str, str, str]]:
    return [
        (row.name, row.before, row.after, row.who)
        for part in response.context["parts"]
        for row in part.group.rows
    ]


def voice(business: Business) -> str:
    return BusinessSettings.objects.get(business=business).voice


def test_a_past_state_leads_to_what_restoring_it_would_change(
    staff: Client, business: Business
) -> None:
    former = settings(business, voice="cedar", threshold=0.7)
    settings(business, voice="ash", threshold=0.5, max_call_seconds=60)
    change_hours(business=business, changes={"days": {"sunday": "closed"}}, **WHY)
    address = url(business, former)
    assert f'href="{address}"' in staff.get(url(business, former, "past_change")).text
    page = staff.get(address)
    too, new = "Calls in progress too", "New calls only"
    assert rows(page) == [
        ("Voice", "ash", "cedar", new),
        ("Speech threshold", "0.5", "0.7", too),
        ("Longest call (seconds)", "60", "–", too),
        ("Sunday", "closed", "–", too),
    ]
    assert page.context["promises"] == [
        (
            "Speech threshold, Sunday",
            "Calls in progress get this now, and the voice service confirms it.",
        ),
        ("Longest call (seconds)", "This holds at once, in calls in progress too."),
        ("Voice", "This waits for the next call; calls in progress go on as they are."),
    ]
    assert f'value="Restored what stood after change {former}"' in page.text


def test_it_is_saved_as_a_new_change_and_leads_to_what_becomes_of_it(
    staff: Client, business: Business, dana: User
) -> None:
    former = settings(business, threshold=0.7)
    settings(business, threshold=0.9)
    answer = send(staff, url(business, former))
    revision = Revision.objects.filter(business=business).latest("number")
    assert answer.redirect_chain == [
        (reverse("admin:prompts_revision_page", args=[revision.pk]), 302)
    ]
    entry = settings_changes(business)[0]
    assert (entry.action, entry.actor) == ("settings.changed", dana)
    assert entry.reason == f"Restored what stood after change {former}"


def test_of_several_parts_those_come_back_that_are_ticked(
    staff: Client, business: Business
) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    change_hours(business=business, changes={"days": {"sunday": "closed"}}, **WHY)
    remove_phone_number(number=business.phone_numbers.get(), **WHY)
    answer = send(staff, url(business, former), kinds=["settings", "numbers"])
    assert f"stands again as it did after change {former}" in answer.text
    assert voice(business) == "cedar"
    assert business.phone_numbers.count() == 1
    assert BusinessHours.objects.get(business=business).days == {"sunday": "closed"}


def test_nothing_typed_is_lost_when_it_is_refused(staff: Client, business: Business) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    address = url(business, former)
    for typed, sentence in (
        ({"reason": ""}, "Say in a few words why."),
        ({"kinds": [], "reason": "Callers <3 it"}, "Choose what is to be restored."),
        ({"base": "x", "reason": "Callers <3 it"}, "no longer knows which version"),
    ):
        answer = send(staff, address, **typed)
        assert sentence in answer.text
        assert "Nothing was restored yet." in answer.text
        (fields,) = own_forms(answer.text, address)
        assert fields["reason"] == typed["reason"]
    assert voice(business) == "ash"


def beside(answer: HttpResponse) -> dict[str, list[str]]:
    """What is said to be wrong, by the value beside which it stands."""
    found = (row for part in answer.context["parts"] for row in part.group.rows)
    return {row.field: list(row.faults) for row in found if row.faults}


def test_numbers_that_are_others_now_are_told_beside_the_values(
    staff: Client, business: Business
) -> None:
    number = business.phone_numbers.get()
    former = settings(business, fallback_number="+15005550111")
    settings(business, fallback_number="", voice="ash")
    remove_phone_number(number=number, **WHY)
    make_business("Other", number=number.number)
    make_business("Third", number="+15005550111")
    answer = send(staff, url(business, former), reason="As it was")
    faults = beside(answer)
    assert faults["fallback_number"][0].startswith("An agent answers +15005550111")
    assert faults["number"] == [f"{number.number}: A business has this number already."]
    assert answer.text.count('<ul class="errorlist">') == len(faults) == 2
    assert 'value="As it was"' in answer.text
    assert voice(business) == "ash"


def test_a_voice_that_is_offered_no_longer_is_told_beside_it(
    staff: Client, business: Business
) -> None:
    BusinessSettings.objects.filter(business=business).update(voice="gone")
    former = settings_changes(business)[0].number
    settings(business, voice="ash")
    answer = send(staff, url(business, former))
    assert beside(answer) == {"voice": ["Value 'gone' is not a valid choice."]}
    assert voice(business) == "ash"


def test_a_fault_in_a_value_that_does_not_come_back_names_the_value(
    staff: Client, business: Business
) -> None:
    former = settings(business, threshold=0.7)
    settings(business, threshold=0.9)
    BusinessSettings.objects.filter(business=business).update(voice="gone")
    answer = send(staff, url(business, former))
    (part,) = answer.context["parts"]
    (sentence,) = part.faults
    assert sentence.startswith("Voice: ")
    assert "<bdi>Voice</bdi>: " in answer.text


def test_when_somebody_was_faster_both_changes_are_shown_and_nothing_is_lost(
    staff: Client, business: Business
) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    address = url(business, former)
    form = filled(staff.get(address), address, reason="As it was")
    settings(business, voice="coral")
    answer = staff.post(address, form)
    assert "changed the settings while you were looking" in answer.text
    (group,) = answer.context["meanwhile"]
    assert [(row.before, row.after) for row in group.rows] == [("ash", "coral")]
    assert rows(answer) == [("Voice", "coral", "cedar", "New calls only")]
    assert voice(business) == "coral"
    (again,) = own_forms(answer.text, address)
    assert again["reason"] == "As it was"
    staff.post(address, {**again, "kinds": ["settings"]})
    assert voice(business) == "cedar"


def test_where_nothing_differs_there_is_nothing_to_restore(
    staff: Client, business: Business
) -> None:
    number = settings(business, voice="cedar")
    assert "Restore this state" not in staff.get(url(business, number, "past_change")).text
    answer = staff.get(url(business, number), follow=True)
    assert "There is nothing to restore" in answer.text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.SUPPORT])
def test_whoever_may_not_change_settings_is_told_the_role(
    client: Client, business: Business, role: Role
) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    client.force_login(make_member(business, role, username="worker"))
    assert "Restore this state" not in client.get(url(business, former, "past_change")).text
    for answer in (client.get(url(business, former)), client.post(url(business, former))):
        assert answer.status_code == 403
        assert "the role “publisher”" in answer.text
    assert voice(business) == "ash"


def test_other_entries_and_other_businesses_have_no_state(
    staff: Client, business: Business
) -> None:
    other = make_business("Other")
    assert staff.get(url(other, settings(other, voice="ash"))).status_code == 404
    assert staff.get(url(business, 999)).status_code == 404
    assert AuditEntry.objects.filter(action="settings.changed").count() == 1


def test_the_page_is_in_hebrew_too(staff: Client, business: Business) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    staff.cookies["django_language"] = "he"
    text = staff.get(url(business, former)).text
    assert f"לשחזר את מה שהיה אחרי שינוי {former}?" in text
