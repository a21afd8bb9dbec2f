"""After saving settings: what reaches calls in progress, what waits, and what became of it."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.domain.records import Result
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, Release, Revision
from prompts.services.hours import change_hours
from prompts.services.settings import change_settings
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOW = "Calls in progress get this now, and the voice service confirms it."
AT_ONCE = "This holds at once, in calls in progress too."
WAITS = "This waits for the next call; calls in progress go on as they are."


@pytest.fixture
def business() -> Business:
    made = make_business("Galil", time_zone="Asia/Jerusalem")
    publish_text(made, "One.")
    made.refresh_from_db()
    return made


@pytest.fixture
def staff(client: Client, business: Business) -> Client:
    client.force_login(make_member(business, Role.PUBLISHER, username="dana"))
    return client


def save(staff: Client, business: Business, **changes: object) -> HttpResponse:
    """Fill in the settings as they stand, with ``changes``, and save."""
    page = reverse("admin:prompts_business_settings", args=[business.pk])
    form = staff.get(page).context["form"]
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in values.items() if value not in (None, False)}
    return staff.post(page, {**kept, "reason": "Slow speakers", **changes}, follow=True)


def newest(business: Business) -> Revision:
    return Revision.objects.filter(business=business).latest("number")


def page(revision: Revision) -> str:
    return reverse("admin:prompts_revision_page", args=[revision.pk])


def result(revision: Revision) -> str:
    return reverse("admin:prompts_revision_result", args=[revision.pk])


def test_saving_leads_to_what_changed_who_changed_it_and_why(
    staff: Client, business: Business
) -> None:
    saved = save(staff, business, silence_duration_ms=700)
    assert saved.redirect_chain[-1][0] == page(newest(business))
    for words in ("Settings saved", "dana", "Slow speakers", "(Asia/Jerusalem)", "500", "700"):
        assert words in saved.text
    assert "Silence that ends a turn (ms)" in saved.text
    assert NOW in saved.text
    assert WAITS not in saved.text
    assert "Live now. No calls in progress; the next call uses it." in saved.text


def test_what_waits_for_the_next_call_is_told_apart(staff: Client, business: Business) -> None:
    text = save(staff, business, voice="cedar", threshold="0.7", max_call_seconds="60").text
    assert text.index(NOW) < text.index("Speech threshold") < text.index(AT_ONCE)
    assert text.index(AT_ONCE) < text.index("Longest call (seconds)") < text.index(WAITS)
    assert text.index(WAITS) < text.index(">Voice<")


def test_nothing_is_awaited_where_everything_waits_for_the_next_call(
    staff: Client, business: Business
) -> None:
    make_call(business, 1, timezone.now() - timedelta(minutes=1))
    text = save(staff, business, voice="cedar").text
    assert WAITS in text
    assert "Call by call" not in text
    assert "data-poll=" not in text


def test_values_that_stand_already_are_no_change(staff: Client, business: Business) -> None:
    saved = save(staff, business)
    assert "Nothing was changed: these values stand already." in saved.text
    assert not AuditEntry.objects.filter(action="settings.changed").exists()


def test_calls_of_both_directions_confirm_it(staff: Client, business: Business) -> None:
    at = timezone.now() - timedelta(minutes=1)
    calls = [
        make_call(business, number, at, direction=one.value) for number, one in enumerate(Direction)
    ]
    save(staff, business, threshold="0.7")
    revision = newest(business)
    waiting = staff.get(result(revision)).text
    assert waiting.count("Not confirmed yet, still as it was") == 2
    assert "data-final" not in waiting
    for call in calls:
        confirmed_at = revision.created_at + timedelta(milliseconds=40)
        make_receipt(call, revision.number, Result.ACKNOWLEDGED, acknowledged_at=confirmed_at)
    done = staff.get(page(revision)).text
    assert "Confirmed in 2 of 2 calls in progress, slowest 40 ms." in done
    assert "data-poll=" not in done


def test_hours_and_details_have_such_a_page_too(staff: Client, business: Business) -> None:
    hours = reverse("admin:prompts_business_hours", args=[business.pk])
    saved = staff.post(hours, {"sunday": "9:00-13:00", "reason": "Summer"}, follow=True)
    assert "Opening hours saved" in saved.text
    assert '<th scope="row">Sunday</th>' in saved.text
    assert "09:00-13:00" in saved.text
    details = {"name": "Galil", "language": "en", "time_zone": "Asia/Jerusalem", "reason": "Rest"}
    url = reverse("admin:prompts_business_details", args=[business.pk])
    saved = staff.post(url, details, follow=True)
    assert "Details saved" in saved.text
    assert saved.text.index(WAITS) < saved.text.index(">Active<")


def test_it_is_for_people_of_the_business(business: Business) -> None:
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    viewer, stranger = Client(), Client()
    viewer.force_login(make_member(business, Role.VIEWER, username="viewer"))
    stranger.force_login(make_member(make_business("Other"), *Role, username="stranger"))
    for address in (page(newest(business)), result(newest(business))):
        assert viewer.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
    text = viewer.get(page(newest(business))).text
    assert not re.search(r"\br3\b", text)  # a token of a form may hold these two signs


def test_a_publish_has_no_such_page_but_that_of_its_release(
    staff: Client, business: Business
) -> None:
    assert staff.get(page(newest(business))).status_code == 404


def test_a_revision_names_the_entry_that_records_it(business: Business) -> None:
    publish_text(business, "Two.")
    change_hours(
        business=business, changes={"days": {"sunday": "closed"}}, actor=None, reason="A test"
    )
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    causes = ["created", "published", "published", "hours", "settings"]
    actions = ["business.created", "prompt.published", "prompt.published"]
    actions += ["hours.changed", "settings.changed"]
    revisions = list(Revision.objects.filter(business=business).order_by("number"))
    entries = AuditEntry.objects.filter(business=business)
    assert [one.cause for one in revisions] == causes
    assert [entries.get(number=one.audit_number).action for one in revisions] == actions


def test_the_audit_leads_to_what_became_of_a_change(business: Business) -> None:
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    owner = Client()
    owner.force_login(make_member(business, Role.OWNER, username="owner"))
    release = Release.objects.get(prompt__business=business)
    ways = {
        "settings.changed": page(newest(business)),
        "prompt.published": reverse("admin:prompts_release_page", args=[release.pk]),
    }
    for action, way in ways.items():
        entry = AuditEntry.objects.get(business=business, action=action)
        text = owner.get(reverse("admin:prompts_auditentry_change", args=[entry.pk])).text
        assert f'<a href="{way}">See it call by call</a>' in text
