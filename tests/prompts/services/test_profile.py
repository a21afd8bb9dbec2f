import json

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from prompts import triggers
from prompts.callers import Proof, profile_of, read_profiles, verify_profiles
from prompts.domain.profile import parse_profile
from prompts.models import AuditEntry, Business, CallerProfile, ProfileRecord, Revision
from prompts.services.errors import NoProfile, StaleProfile
from prompts.services.profile import (
    add_to_profile,
    change_profile,
    erase_profile,
    remove_from_profile,
    save_profile,
)
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NUMBER = "+972501234567"
DANA = {"name": "Dana Levi", "preferences": ["Morning visits", "Speak loudly"], "birth_year": 1948}
SHARED = {"number": NUMBER, "actor": None, "reason": "On the phone"}


@pytest.fixture
def business() -> Business:
    return make_business()


def save(business, number=NUMBER, values=None, **options):
    return save_profile(
        business=business,
        number=number,
        values=DANA if values is None else values,
        **{"actor": None, "reason": "She told us", **options},
    )


def known(business, number=NUMBER, at=None):
    revision = at or Business.objects.get(pk=business.pk).revision
    return parse_profile(read_profiles(business.pk, [number], revision).get(number, ""))


def last_entry(business) -> AuditEntry:
    return AuditEntry.objects.filter(business=business).latest("number")


def counts(business) -> tuple[int, int, int]:
    fresh = Business.objects.get(pk=business.pk)
    records = ProfileRecord.objects.filter(profile__business=business).count()
    return fresh.revision, fresh.audit_count, records


def test_a_profile_is_one_record_one_revision_and_one_audit_entry(business):
    revision, entries, _none = counts(business)
    record = save(business, "00972 50-123-4567", actor=make_user())
    assert counts(business) == (revision + 1, entries + 1, 1)
    assert Revision.objects.get(business=business, number=revision + 1).cause == "profile"
    assert (record.revision, record.actor_name) == (revision + 1, "editor")
    assert (record.profile.number, record.reason) == (NUMBER, "She told us")
    assert known(business).name == "Dana Levi"
    entry = last_entry(business)
    assert (entry.action, entry.actor_name) == ("profile.changed", "editor")
    assert json.loads(entry.after) == {"sha256": record.sha256, "revision": record.revision}


def test_nothing_of_the_person_stands_where_it_cannot_be_erased(business):
    save(business, reason="Dana Levi told us")
    save(business, values={"name": "Dana Cohen"}, reason="Dana married")
    change_profile(business=business, changes={"pace": "slow"}, **{**SHARED, "reason": "Dana said"})
    for entry in AuditEntry.objects.filter(business=business):
        assert not [w for w in ("Dana", "Levi", "Cohen", NUMBER[1:]) if w in entry.content]
    assert not Revision.objects.filter(cause__contains="Dana").exists()


def test_the_same_words_change_nothing(business):
    first = save(business)
    before = counts(business)
    assert save(business, values={**DANA, "name": " Dana\nLevi ", "pace": ""}) == first
    assert save(business, "+15005550199", {}) is None
    assert counts(business) == before


def test_fields_are_changed_one_by_one(business):
    save(business)
    shared = {"business": business, **SHARED}
    change_profile(changes={"pace": "slow", "birth_year": None}, **shared)
    change_profile(changes={"free_fields": {"Dog": "Rex", "Gate": "Blue"}}, **shared)
    add_to_profile(field="medications", item="Aspirin", **shared)
    remove_from_profile(field="preferences", item=" Morning  visits", **shared)
    remove_from_profile(field="free_fields", item="Dog", **shared)
    profile = known(business)
    assert (profile.pace, profile.birth_year, profile.name) == ("slow", None, "Dana Levi")
    assert profile.preferences == ("Speak loudly",)
    assert profile.medications == ("Aspirin",)
    assert profile.free_fields == (("Gate", "Blue"),)


@pytest.mark.parametrize("field", ["preferences", "free_fields"])
def test_what_was_never_there_cannot_be_believed_gone(business, field):
    save(business)
    with pytest.raises(ValidationError) as caught:
        remove_from_profile(business=business, field=field, item="Tea", **SHARED)
    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "x" * 101}, "name"),
        ({"language": "Hebrew"}, "language"),
        ({"pace": "lento"}, "pace"),
        ({"birth_year": 0}, "birth_year"),
        ({"birth_year": 3000}, "birth_year"),
        ({"family": ["x" * 301]}, "family"),
        ({"family": [str(one) for one in range(31)]}, "family"),
        ({"free_fields": {"x" * 101: "y"}}, "free_fields"),
        ({"free_fields": {"x": "y" * 301}}, "free_fields"),
        ({"family": ["x" * 297 + str(one) for one in range(28)]}, "__all__"),
        ({"shoe_size": "9"}, "__all__"),
        ({"name": 9}, "__all__"),
    ],
)
def test_what_does_not_fit_is_told_and_never_cut(business, values, field):
    before = counts(business)
    with pytest.raises(ValidationError) as caught:
        save(business, values=values)
    assert list(caught.value.message_dict) == [field]
    assert counts(business) == before


@pytest.mark.parametrize(
    ("number", "reason", "field"), [("0501234567", "Why", "number"), (NUMBER, " ", "reason")]
)
def test_a_number_names_its_country_and_a_change_its_reason(business, number, reason, field):
    with pytest.raises(ValidationError) as caught:
        save(business, number, reason=reason)
    assert list(caught.value.message_dict) == [field]


def test_an_editor_who_read_an_older_record_is_told(business):
    first = save(business, base="")
    save(business, values={"name": "Dana"}, base=first.sha256)
    for base in ("", first.sha256):
        with pytest.raises(StaleProfile):
            save(business, values={"name": "Dan"}, base=base)
    assert known(business).name == "Dana"


def test_a_profile_belongs_to_one_business(business):
    other = make_business("Other")
    save(business)
    assert known(other).is_empty
    save(other, values={"name": "D."})
    assert (known(business).name, known(other).name) == ("Dana Levi", "D.")
    erase_profile(business=other, number=NUMBER, actor=None, reason="Asked by letter")
    assert known(business).name == "Dana Levi"


def test_each_revision_keeps_its_own_words(business):
    first = save(business)
    second = save(business, values={"name": "Dana"})
    assert known(business, at=first.revision - 1).is_empty
    assert known(business, at=first.revision).name == "Dana Levi"
    assert known(business, at=second.revision).name == "Dana"


def test_many_callers_are_read_in_one_query(business, django_assert_num_queries):
    for number in range(5):
        save(business, f"+1500555010{number}", {"name": f"Caller {number}"})
        save(business, f"+1500555010{number}", {"name": f"Name {number}"})
    numbers = [f"+1500555010{number}" for number in range(9)]
    with django_assert_num_queries(1):
        found = read_profiles(business.pk, numbers, 10_000)
    assert {number: parse_profile(one).name for number, one in found.items()} == {
        f"+1500555010{number}": f"Name {number}" for number in range(5)
    }
    with django_assert_num_queries(0):
        assert read_profiles(business.pk, [], 10_000) == {}


def test_an_erased_caller_is_nowhere_and_the_audit_says_so(business):
    save(business)
    save(business, values={"name": "Dana"})
    revision, entries, records = counts(business)
    erase_profile(business=business, number=NUMBER, actor=make_user(), reason="Asked by letter")
    assert counts(business) == (revision + 1, entries + 1, records)
    assert known(business).is_empty
    assert profile_of(business, NUMBER) is None
    assert set(ProfileRecord.objects.values_list("content", "salt", "reason")) == {("", "", "")}
    assert list(CallerProfile.objects.values_list("number", "erased_by")) == [(None, "editor")]
    entry = last_entry(business)
    assert (entry.action, entry.reason) == ("profile.erased", "Asked by letter")
    findings = list(verify_profiles(business))
    assert [one.proof for one in findings] == [Proof.ERASED] * 2
    assert all(one.sentence.endswith("by editor.") for one in findings)


def test_a_caller_who_was_forgotten_can_become_known_again(business):
    save(business)
    erase_profile(business=business, **{**SHARED, "reason": "Asked by letter"})
    save(business, values={"name": "D. L."})
    assert known(business).name == "D. L."
    assert [one.proof for one in verify_profiles(business)] == [Proof.ERASED, Proof.WHOLE]


@pytest.mark.parametrize(
    "reason", ["Dana asked us", "levi wants it", f"Number {NUMBER}", "no more  MORNING visits", ""]
)
def test_the_reason_of_an_erasure_may_not_tell_what_is_erased(business, reason):
    save(business)
    save(business, values={"pace": "slow"})
    with pytest.raises(ValidationError) as caught:
        erase_profile(business=business, **{**SHARED, "reason": reason})
    assert list(caught.value.message_dict) == ["reason"]
    assert known(business).pace == "slow"


def test_nobody_is_erased_twice(business):
    with pytest.raises(NoProfile):
        erase_profile(business=business, **SHARED)


@pytest.mark.parametrize(
    "change",
    [
        {"content": '{"name":"Eve"}'},
        {"salt": "f"},
        {"reason": "r"},
        {"revision": 1},
        {"sha256": ""},
    ],
)
def test_the_database_refuses_to_rewrite_a_record(business, change):
    record = save(business)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProfileRecord.objects.filter(pk=record.pk).update(**change)


def test_the_database_refuses_to_rename_or_delete_a_caller(business):
    save(business)
    with pytest.raises(DatabaseError), transaction.atomic():
        CallerProfile.objects.update(number="+15005550199")
    for rows in (ProfileRecord.objects, CallerProfile.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all()._raw_delete("default")


def test_verification_finds_a_record_that_was_altered_or_is_missing(business):
    save(business)
    record = save(business, values={"name": "Dana"})
    assert [one.proof for one in verify_profiles(business)] == [Proof.WHOLE] * 2
    triggers.remove()
    ProfileRecord.objects.filter(pk=record.pk).update(content='{"name":"Eve"}')
    assert [one.proof for one in verify_profiles(business)] == [Proof.WHOLE, Proof.BROKEN]
    ProfileRecord.objects.filter(pk=record.pk).delete()
    assert [one.proof for one in verify_profiles(business)] == [Proof.WHOLE, Proof.BROKEN]
    triggers.install()


def test_an_unknown_list_is_our_own_mistake(business):
    with pytest.raises(ValueError, match="shoes"):
        add_to_profile(business=business, field="shoes", item="x", **SHARED)
