"""Roles are given and taken away, each time with one entry, and an owned business stays owned."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, Membership
from prompts.services.people import give_role, take_role
from tests.factories import make_business, make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business()


@pytest.fixture
def dana(business: Business) -> User:
    return make_member(business, Role.OWNER, username="dana")


def role(person: User, held: Role) -> Membership:
    return Membership.objects.get(user=person, role=held.value)


def test_a_role_that_is_given_leaves_one_entry_and_opens_the_door(business: Business) -> None:
    newcomer, before = User.objects.create_user("noa"), AuditEntry.objects.count()
    give_role(business=business, person=newcomer, role=Role.EDITOR, actor=None, reason="New here")
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.business, entry.action, entry.reason) == (business, "role.given", "New here")
    assert entry.after == '{"person":"noa","role":"editor"}'
    newcomer.refresh_from_db()
    assert newcomer.is_staff


def test_a_role_that_is_taken_away_leaves_one_entry(business: Business, dana: User) -> None:
    noa = make_member(business, Role.EDITOR, username="noa")
    before = AuditEntry.objects.count()
    take_role(membership=role(noa, Role.EDITOR), actor=dana, reason="Left us")
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.before) == ("role.taken", '{"person":"noa","role":"editor"}')
    assert not Membership.objects.filter(user=noa).exists()


def test_a_role_taken_away_twice_is_taken_once(business: Business, dana: User) -> None:
    held = role(make_member(business, Role.EDITOR, username="noa"), Role.EDITOR)
    take_role(membership=held, actor=dana, reason="Left us")
    before = AuditEntry.objects.count()
    take_role(membership=held, actor=dana, reason="Left us")
    assert AuditEntry.objects.count() == before


def test_the_last_owner_stays(business: Business, dana: User) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError, match="last owner"):
        take_role(membership=role(dana, Role.OWNER), actor=dana, reason="Tired")
    assert AuditEntry.objects.count() == before


def test_an_owner_who_cannot_log_in_does_not_count(business: Business, dana: User) -> None:
    second = make_member(business, Role.OWNER, username="noa")
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="last owner"):
        take_role(membership=role(dana, Role.OWNER), actor=dana, reason="Tired")


def test_one_of_two_owners_can_go(business: Business, dana: User) -> None:
    make_member(business, Role.OWNER, username="noa")
    take_role(membership=role(dana, Role.OWNER), actor=dana, reason="Tired")
    assert [one.user.username for one in business.memberships.all()] == ["noa"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(business: Business, dana: User, reason: str) -> None:
    noa = User.objects.create_user("noa")
    with pytest.raises(ValidationError, match="why"):
        give_role(business=business, person=noa, role=Role.VIEWER, actor=dana, reason=reason)
    with pytest.raises(ValidationError, match="why"):
        take_role(membership=role(dana, Role.OWNER), actor=dana, reason=reason)


def test_a_role_is_not_given_twice_nor_to_an_account_that_is_off(business: Business) -> None:
    noa = make_member(business, Role.EDITOR, username="noa")
    with pytest.raises(ValidationError, match="already"):
        give_role(business=business, person=noa, role=Role.EDITOR, actor=None, reason="Again")
    gone = User.objects.create_user("gone", is_active=False)
    with pytest.raises(ValidationError, match="switched off"):
        give_role(business=business, person=gone, role=Role.EDITOR, actor=None, reason="Why")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE prompts_membership SET role = 'owner'",
        "DELETE FROM prompts_membership WHERE role = 'owner'",
        "INSERT INTO prompts_membership (business_id, user_id, role) "
        "SELECT business_id, user_id, 'king' FROM prompts_membership",
        "INSERT INTO prompts_membership (business_id, user_id, role) "
        "SELECT business_id, user_id, role FROM prompts_membership",
    ],
)
def test_the_database_itself_refuses(dana: User, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
