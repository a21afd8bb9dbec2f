"""Tags of calls: one spelling in a business, and gone with their last call."""

import json

import pytest
from django.core.exceptions import ValidationError

from calls.models import Call, Tag
from calls.services.tags import add_tag, take_tag
from prompts.models import AuditEntry, Business
from tests.calls.admin.calls.rows import make_call
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business("Harbor")


@pytest.fixture
def call(business: Business) -> Call:
    return make_call(business)


def words(call: Call) -> list[str]:
    return [mark.tag.word for mark in call.tags.order_by("tag__key")]


def entries(business: Business) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(business=business, object_type="call")
    return list(rows.order_by("number"))


def test_a_tag_is_kept_with_who_and_when_and_leaves_one_entry_without_its_word(
    call: Call, business: Business
) -> None:
    mark = add_tag(call=call, word=" Dana \u200fLevi ", actor=make_user("ruth"))
    assert (mark.tag.word, mark.actor_name) == ("Dana Levi", "ruth")
    (entry,) = entries(business)
    assert entry.action == "tag.added"
    assert json.loads(entry.after) == {"call": call.sid, "tags": 1}
    assert "dana" not in entry.content.lower()


def test_a_business_writes_a_tag_one_way(call: Call, business: Business) -> None:
    add_tag(call=call, word="Café", actor=None)
    other = make_call(business, 2)
    add_tag(call=other, word="CAFE\u0301", actor=None)
    assert words(other) == ["Café"]
    elsewhere = make_call(make_business("Other"), 3)
    add_tag(call=elsewhere, word="CAFÉ", actor=None)
    assert words(elsewhere) == ["CAFÉ"]


def test_a_tag_that_is_there_is_not_added_again(call: Call, business: Business) -> None:
    first = add_tag(call=call, word="refund", actor=None)
    assert add_tag(call=call, word="REFUND", actor=make_user()) == first
    assert len(entries(business)) == 1


def test_a_tag_is_taken_away_and_its_word_goes_with_its_last_call(
    call: Call, business: Business
) -> None:
    other = make_call(business, 2)
    tag = add_tag(call=call, word="refund", actor=None).tag
    add_tag(call=other, word="refund", actor=None)
    assert take_tag(call=call, tag_id=tag.pk, actor=make_user("ruth"))
    assert words(call) == []
    assert words(other) == ["refund"]
    entry = entries(business)[-1]
    assert (entry.action, entry.actor_name) == ("tag.removed", "ruth")
    assert (json.loads(entry.before), json.loads(entry.after)["tags"]) == ({"tags": 1}, 0)
    take_tag(call=other, tag_id=tag.pk, actor=None)
    assert not Tag.objects.exists()


def test_a_tag_that_is_not_there_is_not_taken_away(call: Call, business: Business) -> None:
    foreign = add_tag(call=make_call(make_business("Other"), 2), word="refund", actor=None).tag
    assert not take_tag(call=call, tag_id=foreign.pk, actor=None)
    assert entries(business) == []
    assert Tag.objects.get() == foreign


def test_calls_of_no_known_business_share_their_tags() -> None:
    refused = {"status": "refused", "end_reason": "refused"}
    for number in (1, 2):
        add_tag(call=make_call(None, number, **refused), word="scan", actor=None)
    assert Tag.objects.get().uses.count() == 2


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("  ", "Write the tag first."),
        ("a\x00b", "The text holds a control character"),
        ("one, two", "Write one tag at a time, without commas."),
        ("x" * 41, "The tag has 41 characters; at most 40 fit."),
    ],
)
def test_what_is_no_tag_is_refused_with_a_sentence(
    call: Call, business: Business, word: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        add_tag(call=call, word=word, actor=None)
    assert caught.value.message_dict["word"][0].startswith(sentence)
    assert entries(business) == []


def test_a_call_has_room_for_twenty_tags(call: Call, business: Business) -> None:
    for number in range(20):
        add_tag(call=call, word=f"tag {number}", actor=None)
    with pytest.raises(ValidationError) as caught:
        add_tag(call=call, word="one more", actor=None)
    assert caught.value.message_dict["word"] == ["A call has at most 20 tags. Take one away first."]
    assert len(entries(business)) == Tag.objects.count() == 20
    add_tag(call=call, word="TAG 3", actor=None)  # it is there
