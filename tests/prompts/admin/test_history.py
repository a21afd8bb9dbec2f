"""The audit, the people, and everything that the admin does not offer."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from calls.models import Call, WebhookRefusal
from prompts.models import AuditEntry, Business, Platform, PromptVersion
from prompts.services.settings import change_settings
from tests.factories import make_business, make_user, publish_text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def test_the_audit_shows_a_change_as_before_and_after(staff: Client) -> None:
    business = make_business()
    change_settings(business=business, changes={"voice": "cedar"}, actor=None, reason="Warmer")
    entry = AuditEntry.objects.get(action="settings.changed")
    text = staff.get(reverse("admin:prompts_auditentry_change", args=[entry.pk])).text
    assert "marin</del>" in text
    assert "cedar</ins>" in text
    assert "Warmer" in text
    assert "Settings changed" in text
    assert 'name="_save"' not in text
    assert "Settings of Bloom &amp; Stem" in text


def test_the_audit_names_the_prompt_that_was_published(staff: Client) -> None:
    publish_text(make_business())
    entry = AuditEntry.objects.get(action="prompt.published", business__isnull=False)
    text = staff.get(reverse("admin:prompts_auditentry_change", args=[entry.pk])).text
    assert "Inbound prompt of Bloom &amp; Stem" in text
    assert "Time (UTC)" in text


def test_the_audit_names_the_request_that_made_a_change(staff: Client) -> None:
    business = make_business()
    page = reverse("admin:prompts_business_pause", args=[business.pk])
    request_id = staff.post(page, {"reason": "Holiday"})["X-Request-ID"]
    entry = AuditEntry.objects.get(action="agent.paused")
    text = staff.get(reverse("admin:prompts_auditentry_change", args=[entry.pk])).text
    assert request_id in text


def test_the_audit_is_filtered_by_business_action_person_and_date(staff: Client) -> None:
    first, second = make_business("First"), make_business("Second")
    publish_text(first)
    pages = reverse("admin:prompts_auditentry_changelist")

    def rows(**filters: object) -> int:
        return len(staff.get(pages, filters).context["cl"].result_list)

    assert rows(business__id__exact=second.pk) == 1
    assert rows(action="prompt.published") == 1
    assert rows(actor_name="nobody") == 0
    assert rows(at__gte="2020-01-01 00:00:00+00:00") == AuditEntry.objects.count()


@pytest.mark.parametrize("model", [AuditEntry, PromptVersion, Platform, Call, WebhookRefusal])
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
