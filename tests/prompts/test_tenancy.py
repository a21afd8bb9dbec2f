"""The one answer to the question whose businesses a person sees."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from prompts.domain.roles import RIGHTS, Right, Role
from prompts.models import AuditEntry
from prompts.tenancy import businesses_of, missing_role, roles_of, within
from tests.factories import make_business, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_business_for_its_rights_and_no_other(role: Role) -> None:
    own, _foreign = make_business("Own"), make_business("Foreign")
    person = make_member(own, role)
    for right in Right:
        expected = [own] if right in RIGHTS[role] else []
        assert list(businesses_of(person, right)) == expected, right


def test_roles_in_several_businesses_stay_apart() -> None:
    first, second = make_business("First"), make_business("Second")
    person = make_member(first, Role.PUBLISHER, Role.SUPPORT)
    make_member(second, Role.VIEWER)
    assert set(businesses_of(person, Right.READ)) == {first, second}
    assert set(businesses_of(person, Right.PUBLISH)) == {first}
    assert roles_of(person) == {
        first.pk: {Role.PUBLISHER, Role.SUPPORT},
        second.pk: {Role.VIEWER},
    }


def test_a_superuser_sees_all_and_the_platform() -> None:
    make_business("First")
    superuser = make_user()
    assert businesses_of(superuser, Right.MANAGE_PEOPLE).count() == 1
    entries = AuditEntry.objects.all()
    assert within(entries, superuser, Right.READ_AUDIT).filter(business=None).exists()


def test_rows_of_the_platform_are_not_for_the_owner_of_a_business() -> None:
    own = make_business("Own")
    make_business("Foreign")
    owner = make_member(own, Role.OWNER)
    seen = within(AuditEntry.objects.all(), owner, Right.READ_AUDIT)
    assert {entry.business_id for entry in seen} == {own.pk}


def test_who_is_switched_off_or_a_stranger_has_nothing() -> None:
    own = make_business("Own")
    person = make_member(own, Role.OWNER)
    make_user("boss", is_active=False)
    person.is_active = False
    for nobody in (person, User.objects.get(username="boss"), AnonymousUser()):
        assert not businesses_of(nobody, Right.READ)
        assert not within(AuditEntry.objects.all(), nobody, Right.READ)
        assert roles_of(nobody) == {}


def test_the_missing_role_has_a_name() -> None:
    assert "role “publisher”" in missing_role(Right.PUBLISH)
