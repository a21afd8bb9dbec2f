"""Tags on the page of a call, in the list, and as something to look for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call
from calls.services.tags import add_tag
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business
from tests.calls.admin.calls.rows import LIST, found, look_for, make_call, make_turn, page_of
from tests.factories import make_business, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def call(business: Business) -> Call:
    return make_call(business)


def add_url(call: Call) -> str:
    return reverse("admin:calls_call_add_tag", args=[call.pk])


def take_url(call: Call, tag_id: int) -> str:
    return reverse("admin:calls_call_take_tag", args=[call.pk, tag_id])


def words(call: Call) -> list[str]:
    return [mark.tag.word for mark in call.tags.order_by("tag__key")]


def test_support_adds_a_tag_and_takes_it_away(
    client: Client, call: Call, business: Business
) -> None:
    client.force_login(make_member(business, Role.SUPPORT, username="noa"))
    answer = client.post(add_url(call), {"word": " Re<fund> "}, follow=True)
    assert answer.redirect_chain == [(f"/admin/calls/call/{call.pk}/change/#tags", 302)]
    assert "<bdi>Re&lt;fund&gt;</bdi>" in answer.text
    assert "Added by noa, " in answer.text
    mark = call.tags.get()
    answer = client.post(take_url(call, mark.tag_id), follow=True)
    assert "The tag is taken away." in answer.text
    assert words(call) == []
    actions = AuditEntry.objects.filter(actor_name="noa").order_by("pk")
    assert [entry.action for entry in actions] == ["tag.added", "tag.removed"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write the tag first."),
        ("one, two", "Write one tag at a time, without commas."),
        ("x" * 41, "The tag has 41 characters; at most 40 fit."),
        ("a\x00b", "The text holds a control character"),
    ],
)
def test_a_tag_that_cannot_be_kept_comes_back_as_it_was_typed(
    staff: Client, call: Call, typed: str, sentence: str
) -> None:
    answer = staff.post(add_url(call), {"word": typed})
    assert sentence in answer.text
    assert answer.context["tag_form"]["word"].value() == typed
    assert "autofocus" in answer.text
    assert words(call) == []


def test_the_tags_of_the_business_are_offered(
    staff: Client, call: Call, business: Business
) -> None:
    for word in ("refund", "Angry"):
        add_tag(call=make_call(business, 10 + len(word)), word=word, actor=None)
    add_tag(call=make_call(make_business("Other"), 20), word="of others", actor=None)
    page = page_of(staff, call)
    offered = '<option value="Angry"></option><option value="refund"></option>'
    assert f'<datalist id="tags-known">{offered}</datalist>' in page


def test_whoever_may_not_read_a_call_marks_it_with_nothing(
    client: Client, call: Call, business: Business
) -> None:
    tag_id = add_tag(call=call, word="refund", actor=None).tag_id
    for role, owner, status in (
        (Role.PUBLISHER, business, 403),
        (Role.OWNER, make_business("Other"), 404),
    ):
        client.force_login(make_member(owner, role, username=str(role)))
        assert client.post(add_url(call), {"word": "other"}).status_code == status
        assert client.post(take_url(call, tag_id)).status_code == status
    assert words(call) == ["refund"]


def test_a_tag_that_is_not_there_is_404_and_a_look_takes_none_away(
    staff: Client, call: Call
) -> None:
    tag_id = add_tag(call=call, word="refund", actor=None).tag_id
    assert staff.post(take_url(call, tag_id + 1)).status_code == 404
    assert staff.get(take_url(call, tag_id)).status_code == 302
    assert staff.get(add_url(call)).status_code == 302
    assert words(call) == ["refund"]


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
