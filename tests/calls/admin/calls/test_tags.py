"""Tags in the list of calls, and as something to look for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call
from calls.services.tags import add_tag
from prompts.domain.roles import Role
from prompts.models import Business
from tests.calls.admin.calls.rows import LIST, found, look_for, make_call, make_turn
from tests.factories import make_business, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def call(business: Business) -> Call:
    return make_call(business)


@pytest.mark.parametrize("typed", ["Café", "CAFÉ", " cafe\u0301 ", "\u200fcafé"])
def test_calls_are_found_by_tag_in_any_case(
    staff: Client, call: Call, business: Business, typed: str
) -> None:
    add_tag(call=call, word="Café", actor=None)
    add_tag(call=make_call(business, 2), word="Cafés", actor=None)
    assert found(staff, tag=typed) == [call]


def test_a_tag_combines_with_other_conditions_and_can_be_taken_away(
    staff: Client, call: Call, business: Business
) -> None:
    other = make_call(make_business("Other"), 2)
    for one in (call, other, make_call(business, 3, direction="outbound")):
        add_tag(call=one, word="refund", actor=None)
    assert found(staff, tag="refund", business=business.pk, direction="inbound") == [call]
    answer = look_for(staff, tag="Refund", direction="inbound")
    assert {row.call for row in answer.context["stretch"].rows} == {call, other}
    (chip,) = [one for one in answer.context["conditions"] if one.label == "Tag"]
    assert (chip.value, chip.without) == ("Refund", "?direction=inbound")
    assert "Take “Tag” away" in answer.text
    assert found(staff, tag="nothing") == []


def test_a_tag_stands_in_no_address(staff: Client, call: Call) -> None:
    add_tag(call=call, word="Dana", actor=None)
    answer = look_for(staff, tag="Dana")
    ((address, _status),) = answer.redirect_chain
    assert "Dana" not in address
    assert [row.call for row in staff.get(address).context["stretch"].rows] == [call]


def test_the_list_shows_tags_that_lead_to_their_calls(
    staff: Client, call: Call, business: Business
) -> None:
    make_turn(call, 1, text="A toothache.")
    for word in ("refund", "Angry"):
        add_tag(call=call, word=word, actor=None)
    make_call(business, 2)
    answer = look_for(staff, words="toothache")
    assert [row.tags for row in answer.context["stretch"].rows] == [["Angry", "refund"]]
    button = '<button type="submit" form="va-tagged" name="tag" value="Angry" class="va-tag"'
    assert button in answer.text
    assert f'<form id="va-tagged" method="post" action="{reverse(LIST)}">' in answer.text
    assert '<option value="Angry">' in answer.text


def test_the_list_offers_the_tags_of_the_own_businesses_only(
    client: Client, call: Call, business: Business
) -> None:
    add_tag(call=call, word="own", actor=None)
    add_tag(call=make_call(make_business("Other"), 2), word="foreign", actor=None)
    client.force_login(make_member(business, Role.SUPPORT))
    text = look_for(client, tag="foreign").text
    assert '<option value="own">' in text
    assert '<option value="foreign">' not in text
    assert "No call fits all of this." in text


def test_a_longer_list_with_tags_needs_no_more_queries(staff: Client, business: Business) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(staff, tag="tag 1")
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            call = make_call(business, number)
            for one in range(3):
                add_tag(call=call, word=f"tag {one}", actor=None)

    grow(1, 3)
    count()
    few = count()
    grow(3, 33)
    assert count() == few
