import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from prompts.domain.kinds import Apply
from prompts.models import AuditEntry, PhoneNumber
from prompts.requests import current_request
from prompts.services.business import (
    add_phone_number,
    change_business,
    create_business,
    remove_phone_number,
)
from prompts.services.hours import change_hours
from prompts.services.settings import change_settings, pause, resume
from tests.factories import make_business, make_user, publish_text

pytestmark = pytest.mark.django_db


def last_entry(business) -> AuditEntry:
    return AuditEntry.objects.filter(business=business).latest("number")


def test_a_new_business_has_settings_a_revision_and_a_chain():
    business = create_business(details={"name": "Bloom"}, actor=make_user(), reason="New")
    assert (business.revision, business.audit_count) == (1, 1)
    assert business.settings.voice == "marin"
    entry = last_entry(business)
    assert (entry.action, entry.actor_name, entry.reason) == ("business.created", "editor", "New")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("name", "<<<END"),
        ("language", "hebrew"),
        ("time_zone", "Mars/Base"),
        ("name", "Harbor\u202e"),
        ("address", "Two\u200bStreet"),
        ("agent_name", "sk-proj-" + "a1B2" * 8),
    ],
)
def test_wrong_details_are_told_by_field(field, value):
    with pytest.raises(ValidationError) as caught:
        make_business(**({"name": "Bloom"} | {field: value}))
    assert list(caught.value.message_dict) == [field]


def test_details_that_complete_a_marker_in_a_prompt_in_force_are_refused():
    business = make_business(agent_name="Ben")
    publish_text(business, "You are <<{{ agent_name }}>>.")
    with pytest.raises(ValidationError, match="leave < and > out"):
        change_business(
            business=business, changes={"agent_name": "<Ben>"}, actor=None, reason="A test"
        )
    business.refresh_from_db()
    assert business.agent_name == "Ben"


def test_a_change_records_only_what_differs_and_raises_the_revision():
    business = make_business(agent_name="Dana")
    changed = change_business(
        business=business,
        changes={"agent_name": "Noa", "language": "en"},
        actor=None,
        reason="A test",
    )
    assert changed.revision == 2
    assert (last_entry(business).before, last_entry(business).after) == (
        '{"agent_name":"Dana"}',
        '{"agent_name":"Noa"}',
    )
    assert change_business(business=business, changes={}, actor=None, reason="A test").revision == 2


def test_a_value_that_a_prompt_in_force_needs_cannot_be_emptied():
    business = make_business(agent_name="Dana")
    publish_text(business, "I am {{ agent_name }}.")
    publish_text(business, "I am nobody.", apply=Apply.NEW_CALLS)
    with pytest.raises(ValidationError) as caught:
        change_business(business=business, changes={"agent_name": ""}, actor=None, reason="A test")
    assert list(caught.value.message_dict) == ["agent_name"]
    publish_text(business, "I am nobody.")
    change_business(business=business, changes={"agent_name": ""}, actor=None, reason="A test")


@pytest.mark.parametrize(
    "number", ["12025550101", "+0123456789", "+1 202 555 0101", "+1202555010\n1"]
)
def test_a_number_is_e164(number):
    with pytest.raises(ValidationError):
        add_phone_number(business=make_business(), number=number, actor=None, reason="A test")


@pytest.mark.both_databases
@pytest.mark.parametrize("number", ["12025550101", "+12025550101\n", "+1202555010x", ""])
def test_the_database_itself_refuses_what_is_not_e164(number):
    business = make_business()
    with pytest.raises(IntegrityError):
        PhoneNumber.objects.create(business=business, number=number)


def test_a_number_belongs_to_one_business_and_its_comings_and_goings_are_recorded():
    business = make_business(number="+15005550101")
    with pytest.raises(ValidationError):
        add_phone_number(
            business=make_business("Other"), number="+15005550101", actor=None, reason="A test"
        )
    remove_phone_number(number=PhoneNumber.objects.get(), actor=None, reason="A test")
    assert last_entry(business).action == "number.removed"
    assert not PhoneNumber.objects.exists()


def test_settings_are_checked_recorded_and_raise_the_revision():
    business = make_business()
    change_settings(business=business, changes={"vad": "semantic_vad"}, actor=None, reason="Calmer")
    business.refresh_from_db()
    assert business.revision == 2
    assert last_entry(business).before == '{"vad":"server_vad"}'
    with pytest.raises(ValidationError) as caught:
        change_settings(
            business=business,
            changes={"threshold": 2, "fallback_number": "911", "idle_timeout_ms": 10},
            actor=None,
            reason="A test",
        )
    assert set(caught.value.message_dict) == {"threshold", "fallback_number", "idle_timeout_ms"}
    change_settings(business=business, changes={"vad": "semantic_vad"}, actor=None, reason="A test")
    business.refresh_from_db()
    assert business.revision == 2


def test_a_detail_holds_no_placeholder():
    business = make_business()
    for website in ("{{ x }}", "{{ x", "x }}"):
        with pytest.raises(ValidationError) as caught:
            change_business(
                business=business, changes={"website": website}, actor=None, reason="A test"
            )
        assert set(caught.value.message_dict) == {"website"}


@pytest.mark.parametrize("reason", ["", " ", "a\x00b", "x" * 1001])
def test_nothing_is_changed_without_a_reason(reason):
    business = make_business(number="+15005550101")
    why = {"actor": None, "reason": reason}
    edits = (
        lambda: pause(business=business, **why),
        lambda: resume(business=business, **why),
        lambda: change_settings(business=business, changes={"voice": "cedar"}, **why),
        lambda: change_hours(business=business, changes={"takes_appointments": True}, **why),
        lambda: change_business(business=business, changes={"name": "Other"}, **why),
        lambda: add_phone_number(business=business, number="+15005550102", **why),
        lambda: remove_phone_number(number=PhoneNumber.objects.get(), **why),
    )
    entries = AuditEntry.objects.count()
    for edit in edits:
        with pytest.raises(ValidationError) as caught:
            edit()
        assert list(caught.value.message_dict) == ["reason"]
    assert AuditEntry.objects.count() == entries


def test_the_agent_rests_and_comes_back():
    business = make_business()
    pause(business=business, actor=None, reason="Holiday")
    assert (last_entry(business).action, last_entry(business).reason) == ("agent.paused", "Holiday")
    resume(business=business, actor=None, reason="Back")
    assert (last_entry(business).action, last_entry(business).reason) == ("agent.resumed", "Back")
    assert not business.settings.__class__.objects.get(business=business).paused


def test_an_unknown_field_is_our_own_mistake():
    with pytest.raises(ValueError, match="revision"):
        change_business(
            business=make_business(), changes={"revision": 1}, actor=None, reason="A test"
        )
    with pytest.raises(ValueError, match="business"):
        change_settings(
            business=make_business("B"), changes={"business": 1}, actor=None, reason="A test"
        )


def test_an_entry_names_the_request_it_was_made_in():
    token = current_request.set("request-1")
    business = make_business()
    current_request.reset(token)
    assert last_entry(business).request_id == "request-1"
