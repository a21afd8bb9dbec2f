import pytest

from prompts.domain.roles import RIGHTS, Right, Role, rights_of, roles_with


def test_an_owner_may_do_everything() -> None:
    assert RIGHTS[Role.OWNER] == set(Right)


def test_every_role_reads() -> None:
    assert roles_with(Right.READ) == tuple(Role)


@pytest.mark.parametrize(
    ("right", "role"),
    [
        (Right.READ, Role.VIEWER),
        (Right.DRAFT, Role.EDITOR),
        (Right.PUBLISH, Role.PUBLISHER),
        (Right.READ_CALLS, Role.SUPPORT),
        (Right.CHANGE_NOTES, Role.OWNER),
        (Right.READ_PROFILES, Role.SUPPORT),
        (Right.CHANGE_PROFILES, Role.PUBLISHER),
        (Right.MANAGE_PEOPLE, Role.OWNER),
    ],
)
def test_the_least_role_that_carries_a_right_comes_first(right: Right, role: Role) -> None:
    assert roles_with(right)[0] is role


def test_several_roles_add_up_and_none_is_nothing() -> None:
    both = rights_of({Role.PUBLISHER, Role.SUPPORT})
    assert {Right.PUBLISH, Right.READ_CALLS} <= both
    assert Right.MANAGE_PEOPLE not in both
    assert rights_of(()) == frozenset()


def test_who_publishes_does_not_read_calls_and_support_does_not_publish() -> None:
    assert Right.READ_CALLS not in RIGHTS[Role.PUBLISHER]
    changing = {Right.DRAFT, Right.PUBLISH, Right.CHANGE_SETTINGS, Right.CHANGE_PROFILES}
    assert not changing & RIGHTS[Role.SUPPORT]
