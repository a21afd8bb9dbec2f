"""The pages of opening hours and of callers."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from prompts.callers import profile_of
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, BusinessHours, CallerProfile, ReadEntry
from prompts.services.profile import save_profile
from tests.factories import make_business, make_member, make_user

pytestmark = pytest.mark.django_db
DANA = "+972501234567"


@pytest.fixture
def business() -> Business:
    return make_business(name="Harbor")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("editor"))
    return client


def url(name: str, business: Business, *more: object) -> str:
    return reverse(f"admin:prompts_business_{name}", args=[business.pk, *more])


def known(business: Business) -> CallerProfile:
    values = {
        "name": "Dana Levi",
        "preferences": ["Tea", "Speak up"],
        "free_fields": {"Dog": "Rex"},
    }
    record = save_profile(
        business=business, number=DANA, values=values, actor=None, reason="She told us"
    )
    assert record is not None
    return record.profile


def test_hours_are_saved_through_the_service(staff: Client, business: Business) -> None:
    page = staff.get(url("change", business)).text
    assert url("hours", business) in page
    values = {"sunday": "9:00-13:00", "saturday": "closed", "takes_appointments": "on",
              "appointment_rules": "Half an hour.", "reason": "Summer"}  # fmt: skip
    assert staff.post(url("hours", business), values).status_code == 302
    kept = BusinessHours.objects.get(business=business)
    assert kept.days == {"saturday": "closed", "sunday": "09:00-13:00"}
    assert kept.rules_in_force == "Half an hour."
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_name, entry.reason) == ("hours.changed", "editor", "Summer")
    page = staff.get(url("hours", business)).text
    assert 'value="09:00-13:00"' in page


def test_a_closed_day_is_written_in_the_readers_language(staff: Client, business: Business) -> None:
    hebrew = {"Accept-Language": "he"}
    values = {"saturday": " סגור ", "friday": "closed", "reason": "שבת"}
    assert staff.post(url("hours", business), values, headers=hebrew).status_code == 302
    kept = BusinessHours.objects.get(business=business)
    assert kept.days == {"friday": "closed", "saturday": "closed"}
    assert 'value="סגור"' in staff.get(url("hours", business), headers=hebrew).text
    assert 'value="closed"' in staff.get(url("hours", business)).text
    english = staff.post(url("hours", business), {"sunday": "סגור", "reason": "x"})
    assert "are no hours" in english.text


def test_hours_nobody_can_read_come_back_with_a_sentence(staff: Client, business: Business) -> None:
    answer = staff.post(url("hours", business), {"sunday": "nine to five"})
    (sentence,) = answer.context["form"].errors["sunday"]
    assert sentence.startswith("“nine to five” are no hours.")
    page = answer.text
    assert "nine to five" in page
    assert not BusinessHours.objects.exists()


def test_a_caller_is_added_found_changed_and_forgotten(staff: Client, business: Business) -> None:
    assert "Nothing is known" in staff.post(url("callers", business), {"number": DANA}).text
    added = staff.post(
        url("add_caller", business),
        {"number": "00972 50 123 4567", "name": "Dana Levi", "preferences": "Tea\nSpeak up\n",
         "free_fields": "Dog: Rex: the big one", "birth_year": "1948", "reason": "She told us"},
    )  # fmt: skip
    assert added.status_code == 302
    record = profile_of(business, DANA)
    assert record is not None
    assert record.values.preferences == ("Tea", "Speak up")
    assert record.values.free_fields == (("Dog", "Rex: the big one"),)
    assert (record.values.birth_year, record.actor_name) == (1948, "editor")

    found = staff.post(url("callers", business), {"number": DANA})
    one = url("caller", business, record.profile_id)
    assert found["Location"] == one
    assert DANA[1:] not in one
    page = staff.get(one).text
    for words in ("Dana Levi", "Speak up", "Dog: Rex", "Forget this caller"):
        assert words in page

    erase = url("erase_caller", business, record.profile_id)
    assert "for ever" in staff.get(erase).text
    assert "leave out who it is" in staff.post(erase, {"reason": "Dana asked"}).text
    assert staff.post(erase, {"reason": "Asked by letter"}).status_code == 302
    assert profile_of(business, DANA) is None
    assert staff.get(one).status_code == 404


def test_an_edit_needs_a_reason_and_the_words_stay(staff: Client, business: Business) -> None:
    one = url("caller", business, known(business).pk)
    page = staff.post(one, {"name": "Dana Cohen"}).text
    assert "Say in a few words why" in page
    assert "Dana Cohen" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "Hebrew", "Write a language tag"),
        ("free_fields", "no colon", "a name and a colon"),
        ("birth_year", "1492", "Write a year"),
        ("number", "0501234567", "country code"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    staff: Client, business: Business, field: str, value: str, sentence: str
) -> None:
    values = {"number": DANA, "reason": "Why", field: value}
    assert sentence in staff.post(url("add_caller", business), values).text
    assert not CallerProfile.objects.exists()


def test_an_edit_on_top_of_an_older_record_is_not_saved(staff: Client, business: Business) -> None:
    profile = known(business)
    values = {"name": "Dana Cohen", "reason": "Married", "base": "0" * 64}
    assert "meanwhile" in staff.post(url("caller", business, profile.pk), values).text
    page = staff.post(url("add_caller", business), {**values, "number": DANA, "base": ""}).text
    assert "known already" in page
    record = profile_of(business, DANA)
    assert record is not None
    assert record.values.name == "Dana Levi"


def test_a_caller_of_another_business_has_no_page_here(staff: Client, business: Business) -> None:
    theirs = known(make_business("Other"))
    assert staff.get(url("caller", business, theirs.pk)).status_code == 404
    assert staff.get(url("erase_caller", business, theirs.pk)).status_code == 404
    assert DANA not in staff.get(url("callers", business)).text


def test_who_may_only_look_changes_nothing(client: Client, business: Business) -> None:
    profile = known(business)
    client.force_login(make_member(business, Role.SUPPORT))
    one = url("caller", business, profile.pk)
    assert "Dana Levi" in client.get(one).text
    assert client.post(one, {"name": "Eve", "reason": "Why"}).status_code == 403
    assert client.get(url("erase_caller", business, profile.pk)).status_code == 403
    assert client.get(url("add_caller", business)).status_code == 403


def test_every_look_at_callers_is_written_down(staff: Client, business: Business) -> None:
    profile = known(business)
    staff.get(url("callers", business))
    staff.get(url("caller", business, profile.pk))
    looks = ReadEntry.objects.order_by("number")
    assert [(one.action, one.object_type, one.object_id, one.actor_name) for one in looks] == [
        ("callers.listed", "business", str(business.pk), "editor"),
        ("profile.read", "callerprofile", str(profile.pk), "editor"),
    ]
    assert not any(profile.number in one.content for one in looks)


def test_a_page_that_is_refused_is_no_look(client: Client, business: Business) -> None:
    profile = known(business)
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.get(url("caller", business, profile.pk)).status_code == 404
    assert not ReadEntry.objects.exists()
