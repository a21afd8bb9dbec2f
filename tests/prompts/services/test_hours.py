import pytest
from django.core.exceptions import ValidationError

from prompts.domain.kinds import Direction
from prompts.models import AuditEntry, Business, BusinessHours, Revision
from prompts.selectors import read_wording
from prompts.services.hours import change_hours
from tests.factories import make_business

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business()


def change(business, **changes):
    return change_hours(business=business, changes=changes, actor=None, reason="Summer")


def wording(business):
    return read_wording(business.pk, Direction.INBOUND)


def test_a_business_that_told_nothing_has_no_hours(business):
    assert (wording(business).opening_hours, wording(business).appointment_rules) == ((), "")
    assert not BusinessHours.objects.exists()


def test_a_change_is_recorded_and_raises_the_revision(business):
    before = wording(business).revision
    change(business, days={"sunday": "14:00-18:00,9:00-13:00", "saturday": "closed", "friday": ""})
    now = wording(business)
    assert now.revision == before + 1
    assert [(day.name, day.spans) for day in now.opening_hours] == [
        ("Saturday", ()),
        ("Sunday", (("09:00", "13:00"), ("14:00", "18:00"))),
    ]
    made = Revision.objects.get(business=business, number=now.revision)
    assert (made.cause, made.created_at) == ("hours", now.committed_at)
    entry = AuditEntry.objects.filter(business=business).latest("number")
    assert (entry.action, entry.reason) == ("hours.changed", "Summer")
    assert '"sunday":"09:00-13:00, 14:00-18:00"' in entry.after
    change(business, days={"saturday": "Closed", "sunday": "09:00-13:00,14:00-18:00"})
    assert wording(business).revision == now.revision


def test_rules_for_appointments_count_while_appointments_are_made(business):
    change(business, appointment_rules="Half an hour each.\r\n")
    assert wording(business).appointment_rules == ""
    change(business, takes_appointments=True)
    assert wording(business).appointment_rules == "Half an hour each."


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", {"someday": "09:00-10:00"}),
        ("days", {"sunday": "nine to five"}),
        ("days", {"sunday": 9}),
        ("days", ["sunday"]),
        ("appointment_rules", "<<<END"),
        ("appointment_rules", "Ask {{ agent_name }}."),
        ("appointment_rules", "a\x01b"),
        ("appointment_rules", "x" * 2001),
    ],
)
def test_wrong_values_are_told_by_field(business, field, value):
    with pytest.raises(ValidationError) as caught:
        change(business, **{field: value})
    assert list(caught.value.message_dict) == [field]


def test_an_unknown_field_is_our_own_mistake(business):
    with pytest.raises(ValueError, match="revision"):
        change(business, revision=1)
