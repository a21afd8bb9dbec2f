"""Guessing passwords: a user name is locked for a while, in the database."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from prompts.domain.roles import Role
from prompts.models import AuditEntry
from tests.factories import make_business, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _dana() -> None:
    make_member(make_business(), Role.VIEWER, username="dana")


def log_in(password: str, username: str = "dana", **address: str) -> int:
    form = {"username": username, "password": password}
    return Client().post(reverse("admin:login"), form, **address).status_code  # type: ignore[arg-type]


def lock() -> list[int]:
    return [log_in("wrong") for _ in range(5)]


def test_after_five_wrong_passwords_not_even_the_right_one_helps() -> None:
    before = AuditEntry.objects.count()
    assert lock() == [200, 200, 200, 200, 429]
    page = Client().post(reverse("admin:login"), {"username": "dana", "password": "secret"})
    assert page.status_code == 429
    assert "For 15 minutes not even the right one is accepted from here." in page.text
    assert reverse("admin_password_reset") in page.text
    assert page["Retry-After"] == "900"
    assert AuditEntry.objects.count() == before


def test_others_and_other_addresses_are_not_locked_with_it() -> None:
    lock()
    make_member(make_business("Other"), Role.VIEWER, username="noa")
    assert log_in("secret", "noa") == 302
    assert log_in("secret", REMOTE_ADDR="192.0.2.7") == 302


def test_a_right_password_in_time_starts_the_count_anew() -> None:
    for _ in range(3):
        assert [log_in("wrong") for _ in range(4)] == [200] * 4
        assert log_in("secret") == 302


def test_it_ends_by_itself_and_by_command(settings: Settings) -> None:
    lock()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in("secret") == 302
    lock()
    call_command("axes_reset_username", "dana", verbosity=0)
    assert log_in("secret") == 302


def test_trying_on_costs_no_more_than_before_and_no_more_time(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lock()
    attempt = AccessAttempt.objects.get()
    for _ in range(3):
        with django_assert_max_num_queries(6):
            assert log_in("wrong") == 429
    assert AccessAttempt.objects.get().attempt_time == attempt.attempt_time
    assert AccessAttempt.objects.get().post_data == attempt.post_data


def test_no_password_is_kept() -> None:
    log_in("hunter2hunter2")
    assert "hunter2" not in str(vars(AccessAttempt.objects.get()))
