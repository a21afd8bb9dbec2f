"""Accounts that an operator makes at a terminal stand in the audit like all others."""

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import CommandError, call_command

from prompts.models import AuditEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str]]:
    """What the platform's chain has of accounts, and who did it."""
    found = AuditEntry.objects.filter(business=None, object_type="user")
    return list(found.order_by("pk").values_list("action", "actor_name"))


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a very long secret")
    typed = lambda self, prompt="": "another long secret"  # noqa: E731
    monkeypatch.setattr(changepassword.Command, "_get_pass", typed)


def make(name: str) -> None:
    call_command("createsuperuser", "--noinput", username=name, email="a@example.com", verbosity=0)


def test_a_superuser_made_at_a_terminal_leaves_one_entry(password: None) -> None:
    make_user("earlier")  # whoever was there before is not written down again
    make("rina")
    assert entries() == [("account.created", "system")]


def test_a_password_given_at_a_terminal_leaves_one_entry(password: None) -> None:
    make_user("rina")
    call_command("changepassword", "rina")
    assert entries() == [("account.password_set", "system")]


@pytest.mark.parametrize("name", ["system", "System"])
def test_no_superuser_takes_the_name_of_the_software(password: None, name: str) -> None:
    with pytest.raises(CommandError, match="stands for the software itself"):
        make(name)
    assert entries() == []
