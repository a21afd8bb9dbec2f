"""The people, and everything that the admin does not offer."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from calls.models import Call, WebhookRefusal
from prompts.models import AuditEntry, Business, Platform, PromptVersion, ReadEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


@pytest.mark.parametrize(
    "model", [AuditEntry, ReadEntry, PromptVersion, Platform, Call, WebhookRefusal]
)
def test_history_can_only_be_read(model: type, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = make_user()
    desk = admin.site._registry[model]
    assert not desk.has_add_permission(request)
    assert not desk.has_change_permission(request)
    assert not desk.has_delete_permission(request)
    assert not desk.get_actions(request)


@pytest.mark.parametrize("model", [Business, User])
def test_nothing_is_deleted_in_bulk_where_history_hangs_on_it(
    model: type, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = make_user()
    assert "delete_selected" not in admin.site._registry[model].get_actions(request)


@pytest.mark.both_databases
def test_a_person_who_has_done_nothing_can_be_deleted(staff: Client) -> None:
    newcomer = make_user("newcomer")
    url = reverse("admin:auth_user_delete", args=[newcomer.pk])
    staff.post(url, {"post": "yes"})
    assert not User.objects.filter(pk=newcomer.pk).exists()
