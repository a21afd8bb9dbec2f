"""Accounts: for superusers, each change with one entry, and whoever has acted stays."""

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from prompts.domain.roles import Role
from prompts.models import AuditEntry
from prompts.services.reads import Look, Sight, record_read
from prompts.tenancy import publishes_platform
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = pytest.mark.django_db
SECRET = "a very long secret"


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(make_user("boss"))
    return client


def entries() -> list[tuple[str, str]]:
    """The entries of the platform's chain about accounts."""
    found = AuditEntry.objects.filter(business=None, action__startswith="account.")
    return [(one.action, one.after) for one in found.order_by("pk")]


def details(account: User, **changes: object) -> dict[str, object]:
    """The form of an account as a browser posts it."""
    fields = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    form = {name: getattr(account, name) for name in fields}
    form["publishes"] = publishes_platform(account)
    return {name: value for name, value in {**form, **changes}.items() if value is not False}


def test_the_times_of_an_account_name_their_zone(boss: Client) -> None:
    page = boss.get(reverse("admin:auth_user_change", args=[make_user("noa").pk]))
    assert "Dates (UTC)" in page.text


def test_every_change_of_an_account_leaves_one_entry(boss: Client) -> None:
    boss.post(
        reverse("admin:auth_user_add"),
        {"username": "noa", "usable_password": "true", "password1": SECRET, "password2": SECRET},
    )
    noa = User.objects.get(username="noa")
    page = reverse("admin:auth_user_change", args=[noa.pk])
    boss.post(page, details(noa, is_superuser=True, publishes=True, email="noa@example.com"))
    boss.post(page, details(User.objects.get(pk=noa.pk)))  # nothing changed: no entry
    password = reverse("admin:auth_user_password_change", args=[noa.pk])
    boss.post(password, {"usable_password": "true", "password1": SECRET, "password2": SECRET})
    boss.post(password, {"usable_password": "true", "password1": SECRET, "password2": "other"})
    boss.post(reverse("admin:auth_user_delete", args=[noa.pk]), {"post": "yes"})
    assert [action for action, _after in entries()] == [
        "account.created",
        "account.changed",
        "account.password_set",
        "account.deleted",
    ]
    changed = entries()[1][1]
    assert changed == '{"is_superuser":true,"publishes_platform":true,"rewritten":["email"]}'
    assert not User.objects.filter(username="noa").exists()


def test_a_superuser_who_is_made_here_may_log_in(boss: Client) -> None:
    noa = User.objects.create_user("noa")
    boss.post(reverse("admin:auth_user_change", args=[noa.pk]), details(noa, is_superuser=True))
    noa.refresh_from_db()
    assert noa.is_staff


def test_the_last_owner_is_not_switched_off(boss: Client) -> None:
    owner = make_member(make_business("Harbor"), Role.OWNER, username="owner")
    page = reverse("admin:auth_user_change", args=[owner.pk])
    refused = boss.post(page, details(owner, is_active=False))
    assert "This person is the last owner of Harbor." in refused.text
    make_member(owner.memberships.get().business, Role.OWNER, username="second")
    assert boss.post(page, details(owner, is_active=False)).status_code == 302
    owner.refresh_from_db()
    assert not owner.is_active


def test_the_page_of_an_account_shows_the_roles(boss: Client) -> None:
    owner = make_member(make_business("Harbor"), Role.OWNER, Role.SUPPORT, username="owner")
    text = boss.get(reverse("admin:auth_user_change", args=[owner.pk])).text
    assert "Harbor</bdi></a>: owner" in text
    assert "Harbor</bdi></a>: support" in text


def test_what_keeps_an_account_is_named_in_words(boss: Client) -> None:
    member = make_member(make_business("Harbor"), Role.SUPPORT)
    page = boss.get(reverse("admin:auth_user_delete", args=[member.pk]))
    assert "Role of a person: Harbor: support" in page.text


def test_whoever_has_a_role_is_not_deleted(boss: Client) -> None:
    member = make_member(make_business(), Role.VIEWER)
    boss.post(reverse("admin:auth_user_delete", args=[member.pk]), {"post": "yes"})
    assert User.objects.filter(pk=member.pk).exists()
    assert entries() == []


def test_groups_and_single_permissions_are_not_offered(boss: Client) -> None:
    Group.objects.create(name="Editors")
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")
    page = boss.get(reverse("admin:auth_user_change", args=[User.objects.get().pk]))
    fields = set(page.context["adminform"].form.fields)
    assert not {"groups", "user_permissions", "is_staff"} & fields


def test_accounts_are_for_superusers(client: Client) -> None:
    owner = make_member(make_business(), *Role)
    client.force_login(owner)
    for name, arguments in (
        ("changelist", []),
        ("add", []),
        ("change", [owner.pk]),
        ("password_change", [owner.pk]),
        ("delete", [owner.pk]),
    ):
        assert client.get(reverse(f"admin:auth_user_{name}", args=arguments)).status_code == 403


def test_being_a_superuser_is_not_enough_to_publish_to_everybody(client: Client) -> None:
    boss = User.objects.create_superuser("boss")
    client.force_login(boss)
    page = reverse("admin:prompts_platform_prompt", args=[None])
    assert "Review & publish" not in client.get(page).text
    refused = client.post(page, {"text": "Mine.", "note": "x", "base": "1", "edition": "0"})
    assert refused.status_code == 403
    assert "the permission “May publish platform prompts”" in refused.text
    account = reverse("admin:auth_user_change", args=[boss.pk])
    client.post(account, details(boss, publishes=True))
    assert "Review & publish" in client.get(page).text


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    client: Client, settings: Settings
) -> None:
    member = make_member(make_business(), Role.VIEWER, username="noa")
    User.objects.filter(pk=member.pk).update(email="noa@example.com")
    assert reverse("admin_password_reset") in client.get(reverse("admin:login")).text
    for address in ("noa@example.com", "nobody@example.com"):
        sent = client.post(reverse("admin_password_reset"), {"email": address}, follow=True)
        assert "emailed you instructions" in sent.text
    (message,) = mail.outbox
    assert message.subject == "Password reset on Voice agent"
    link = next(line for line in message.body.splitlines() if "/admin/reset/" in line)
    assert link.startswith(f"{settings.PUBLIC_BASE_URL}/admin/reset/")
    choose = client.get(link.removeprefix(settings.PUBLIC_BASE_URL), follow=True)
    path = choose.redirect_chain[-1][0]
    done = client.post(path, {"new_password1": SECRET, "new_password2": SECRET}, follow=True)
    assert "Your password has been set." in done.text
    assert [action for action, _after in entries()] == ["account.password_set"]
    assert User.objects.get(pk=member.pk).check_password(SECRET)


def test_ones_own_new_password_leaves_one_entry_and_the_session(client: Client) -> None:
    client.force_login(make_member(make_business(), Role.VIEWER, username="noa"))
    page = reverse("admin:password_change")
    form = {"old_password": "secret", "new_password1": SECRET, "new_password2": SECRET}
    assert "Your password was changed" in client.post(page, form, follow=True).text
    wrong = client.post(page, {**form, "old_password": "wrong"})
    assert "entered incorrectly" in wrong.text
    assert [action for action, _after in entries()] == ["account.password_set"]


def test_a_stranger_has_no_password_to_change(client: Client) -> None:
    assert client.get(reverse("admin:password_change")).status_code == 302


def test_whoever_has_acted_stays_and_reads_why(boss: Client) -> None:
    author = make_user("author")
    publish_text(make_business(), actor=author)
    url = reverse("admin:auth_user_delete", args=[author.pk])
    assert url not in boss.get(reverse("admin:auth_user_change", args=[author.pk])).text
    assert "so the account stays" in boss.post(url, {"post": "yes"}, follow=True).text
    assert User.objects.filter(pk=author.pk).exists()


def test_whoever_has_only_looked_at_callers_stays_too(boss: Client) -> None:
    business = make_business()
    reader = make_member(business, Role.SUPPORT, username="reader")
    url = reverse("admin:auth_user_delete", args=[reader.pk])
    assert url in boss.get(reverse("admin:auth_user_change", args=[reader.pk])).text
    record_read(business=business, sight=Sight.of(Look.CALLERS, business), actor=reader)
    assert "so the account stays" in boss.post(url, {"post": "yes"}, follow=True).text
    assert User.objects.filter(pk=reader.pk).exists()


def test_the_history_of_an_account_is_what_the_audit_says_of_it(boss: Client) -> None:
    noa = User.objects.create_user("noa", is_staff=True)
    boss.post(reverse("admin:auth_user_change", args=[noa.pk]), details(noa, last_name="Levi"))
    page = boss.get(reverse("admin:auth_user_history", args=[noa.pk]), follow=True)
    (line,) = page.context["lines"]
    assert (line.entry.action, line.entry.object_id) == ("account.changed", str(noa.pk))


def test_nobody_takes_the_name_of_the_software(boss: Client) -> None:
    sentence = "This name stands for the software itself. Choose another."
    form = {"usable_password": "true", "password1": SECRET, "password2": SECRET}
    made = boss.post(reverse("admin:auth_user_add"), {"username": "System", **form})
    assert sentence in made.text
    noa = make_user("noa")
    page = reverse("admin:auth_user_change", args=[noa.pk])
    assert sentence in boss.post(page, details(noa, username="system")).text
    assert entries() == []
    assert not User.objects.filter(username__iexact="system").exists()
